#include <envlock/sign/dsse.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/json/value.hpp>

namespace envlock::sign {
namespace {

constexpr std::size_t k_most_signatures = 32;
constexpr std::size_t k_most_bytes = 1U << 20U;

}  // namespace

std::string pre_authentication_encoding(std::string_view type, std::string_view body) {
    std::string out = "DSSEv1 " + std::to_string(type.size()) + " ";
    out.append(type).append(" ").append(std::to_string(body.size())).append(" ").append(body);
    return out;
}

std::string encode_signatures(const std::vector<Signature>& signatures) {
    json::Array list;
    for (const auto& each : signatures) {
        json::Value one;
        one.set("keyid", each.keyid);
        one.set("sig", base64(each.bytes));
        list.push_back(std::move(one));
    }
    json::Value out;
    out.set("payloadType", k_payload_type);
    out.set("signatures", std::move(list));
    return json::write(out, json::Style::pretty) + "\n";
}

Result<std::vector<Signature>> parse_signatures(std::string_view text, std::string_view subject) {
    const auto malformed = [&](std::string detail) { return fail(ErrorCode::signature_malformed, std::string(subject), std::move(detail)); };
    const auto root = json::parse(text, {.bytes = k_most_bytes, .depth = 16}, subject);
    if (!root) return malformed(root.error().detail);
    if (root->text("payloadType") != k_payload_type) return malformed("payloadType is not " + std::string(k_payload_type));
    const auto* member = root->find("signatures");
    const auto* list = member == nullptr ? nullptr : member->array();
    if (list == nullptr) return malformed("no \"signatures\" list");
    if (list->size() > k_most_signatures) return malformed("more than " + std::to_string(k_most_signatures) + " signatures");
    std::vector<Signature> out;
    for (const auto& each : *list) {
        // A bad signature beside a good one must not spoil it: skipped, as DSSE says.
        auto bytes = from_base64(each.text("sig"));
        if (bytes && !bytes->empty()) out.push_back({std::string(each.text("keyid")), *std::move(bytes)});
    }
    return out;
}

}  // namespace envlock::sign
