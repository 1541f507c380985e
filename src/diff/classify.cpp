#include "diff/classify.hpp"

#include <envlock/diff/rules.hpp>
#include <envlock/version/pep440.hpp>

#include <algorithm>
#include <array>

namespace envlock::diff_detail {
namespace {

std::string_view level_value(const Component& component, std::string_view level) {
    const auto found = std::ranges::find(component.path, level, &PathLevel::level);
    return found == component.path.end() ? std::string_view() : std::string_view(found->value);
}

Verdict plain(std::string_view id) {
    const auto* rule = find_rule(id);
    return {std::string(id), rule ? rule->severity : Severity::low};
}

bool is_installer(std::string_view key) {
    return std::ranges::any_of(std::array{"pip", "setuptools", "wheel", "uv", "distribute"}, [&](const char* name) { return key == name; });
}

Verdict same_version(const Component& before, const Component& after) {
    const bool other_file = before.artifact && after.artifact && !before.artifact->filename.empty() && !after.artifact->filename.empty() &&
                            before.artifact->filename != after.artifact->filename;
    return plain(other_file ? "PY109" : "PY106");
}

Verdict distribution(const Component* before, const Component* after, const Distance& apart, const Policy& policy) {
    const auto name = base_key(before ? before->key : after->key);
    const bool direct = std::ranges::any_of(policy.direct, [&](const std::string& d) { return d == name; });
    Verdict out;
    if (!before) {
        out = plain("PY100");
        if (direct) out.severity = Severity::medium;
    } else if (!after) {
        out = plain("PY101");
    } else if (apart.level == "content") {
        return same_version(*before, *after);
    } else if (level_value(*before, "source") != level_value(*after, "source")) {
        return plain("PY105");
    } else if (apart.level == "major" || apart.level == "epoch") {
        out = plain("PY102");
    } else {
        out = plain(apart.level == "minor" ? "PY103" : "PY104");
    }
    // The tools that install are no part of what programs compute with.
    if (is_installer(name)) out.severity = Severity::info;
    return out;
}

Verdict python(const Component* before, const Component* after, const Distance& apart, const Policy& policy) {
    const auto& kind = (before ? before : after)->kind;
    if (kind == "distribution") return distribution(before, after, apart, policy);
    if (kind == "startup") {
        auto out = plain("PY107");
        if (!after) out.severity = Severity::medium;
        return out;
    }
    if (kind != "interpreter") return plain("PY110");
    auto out = plain("PY108");
    if (apart.level == "micro" || apart.level == "build") out.severity = Severity::low;
    if (apart.level == "content") out.severity = Severity::medium;
    return out;
}

Verdict nix(const Component* before, const Component* after, const Distance& apart) {
    const auto& kind = (before ? before : after)->kind;
    if (!kind.ends_with("input")) return plain("NIX105");
    if (!before) return plain("NIX100");
    if (!after) return plain("NIX101");
    if (apart.level == "content") return plain("NIX104");
    return plain(apart.level == "rev" ? "NIX102" : "NIX103");
}

Verdict cuda(const Component& any, const Distance& apart) {
    const auto& key = any.key;
    const bool driver = any.kind == "driver" || key.starts_with("driver");
    auto out = plain(driver ? "CUDA100" : any.kind == "toolkit" || key.starts_with("toolkit") ? "CUDA101" : "CUDA102");
    if (apart.level == "patch" || apart.level == "build" || apart.level == "micro") out.severity = Severity::low;
    return out;
}

Verdict platform(const Component& any) {
    if (any.kind == "variable") return plain("PLAT101");
    auto out = plain("PLAT100");
    if (any.key == "arch" || any.key == "os") out.severity = Severity::high;
    if (any.key == "kernel" || any.key == "distribution") out.severity = Severity::low;
    return out;
}

bool number(std::string_view text) { return !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

Verdict classify(std::string_view layer, const Component* before, const Component* after, const Distance& apart, const Policy& policy) {
    const auto& any = after ? *after : *before;
    if (layer == "python") return python(before, after, apart, policy);
    if (layer == "nix") return nix(before, after, apart);
    if (layer == "native") return plain("NAT100");
    if (layer == "cuda") return cuda(any, apart);
    if (layer == "platform") return platform(any);
    return plain("ENV100");
}

std::string direction(const Component* before, const Component* after, const Distance& apart) {
    if (!before) return "added";
    if (!after) return "removed";
    if (before->kind == "distribution") {
        const auto order = compare_versions(before->version, after->version);
        return order == -1 ? "up" : order == 1 ? "down" : "changed";
    }
    const auto a = level_value(*before, apart.level), b = level_value(*after, apart.level);
    if (!number(a) || !number(b)) return "changed";
    const auto x = std::stoll(std::string(a)), y = std::stoll(std::string(b));
    return x < y ? "up" : x > y ? "down" : "changed";
}

std::string shown(const Component& component, const Distance& apart) {
    auto out = component.version;
    if (apart.level == "source") {
        const auto source = level_value(component, "source");
        out += (out.empty() ? "" : " ") + std::string("(") + std::string(source.empty() ? "index" : source) + ")";
    } else if (apart.level == "content") {
        // The version is the same on both sides: the digest is what tells them apart.
        const auto record = component.digests.find("record");
        auto digest = component.files && !component.files->digest.empty() ? component.files->digest : record == component.digests.end() ? "" : record->second;
        if (digest.starts_with("sha256:")) digest = digest.substr(7, 8);
        if (!digest.empty()) out += (out.empty() ? "" : " ") + std::string("(") + digest + ")";
    } else if (out.empty()) {
        for (const auto& level : component.path) out += (out.empty() || level.value.empty() ? "" : ".") + level.value;
    }
    if (out.starts_with("sha256:") && out.size() > 19) out = out.substr(0, 19) + "…";
    return out.empty() ? "present" : out;
}

}  // namespace envlock::diff_detail
