#include "index/uv_tables.hpp"

#include <envlock/base/text.hpp>
#include <envlock/base/toml_shape.hpp>
#include <envlock/version/name.hpp>

#include <toml++/toml.h>

namespace envlock::index {
namespace {

constexpr std::size_t k_most_bytes = 4U << 20U;
constexpr std::size_t k_most_entries = 1000;  // of one list

std::string text_of(const toml::table& where, std::string_view key) {
    const auto* node = where.get_as<std::string>(key);
    return node == nullptr ? std::string() : node->get();
}

bool flag_of(const toml::table& where, std::string_view key) {
    const auto* node = where.get_as<bool>(key);
    return node != nullptr && node->get();
}

std::vector<std::string> texts_of(const toml::table& where, std::string_view key) {
    std::vector<std::string> out;
    const auto* list = where.get_as<toml::array>(key);
    if (list == nullptr) return out;
    for (const auto& each : *list) {
        if (out.size() == k_most_entries) break;
        if (const auto* value = each.as_string()) out.push_back(value->get());
    }
    return out;
}

UvLegacy legacy_of(const toml::table& where) {
    UvLegacy out{.index_url = text_of(where, "index-url"), .extra = texts_of(where, "extra-index-url"), .find_links = texts_of(where, "find-links"), .no_index = {}};
    if (const auto* node = where.get_as<bool>("no-index")) out.no_index = node->get();
    return out;
}

std::vector<UvIndex> indexes_of(const toml::table& where) {
    std::vector<UvIndex> out;
    const auto* list = where.get_as<toml::array>("index");
    if (list == nullptr) return out;
    for (const auto& each : *list) {
        const auto* entry = each.as_table();
        if (entry == nullptr || out.size() == k_most_entries) continue;
        UvIndex index{.name = text_of(*entry, "name"), .url = text_of(*entry, "url"), .is_default = flag_of(*entry, "default"),
                      .is_explicit = flag_of(*entry, "explicit"), .is_flat = text_of(*entry, "format") == "flat"};
        if (!index.url.empty()) out.push_back(std::move(index));
    }
    return out;
}

// torch = { index = "x" }, or a list of such tables with markers: any of them may be the one that counted.
void read_pins(const toml::table& sources, UvTables& out) {
    std::size_t count = 0;
    for (const auto& [package, node] : sources) {
        if (++count > k_most_entries) return;
        const auto pin = [&, name = normalize_name(package.str())](const toml::node& source) {
            const auto* entry = source.as_table();
            const auto index = entry == nullptr ? std::string() : text_of(*entry, "index");
            if (!index.empty()) out.pinned[index].push_back(name);
        };
        pin(node);
        const auto* list = node.as_array();
        if (list == nullptr || list->size() > k_most_entries) continue;
        for (const auto& each : *list) pin(each);
    }
}

}  // namespace

Result<UvTables> parse_uv_tables(std::string_view text, std::string_view subject, UvFile kind) {
    const auto malformed = [&](auto line, std::string_view what) {
        return fail(ErrorCode::config_malformed, std::string(subject), "line " + std::to_string(line) + ": " + escape_controls(what));
    };
    if (text.size() > k_most_bytes) return fail(ErrorCode::file_too_large, std::string(subject));
    if (const auto trouble = toml_trouble(text)) return fail(ErrorCode::config_malformed, std::string(subject), *trouble);
    toml::table root;
    try {
        root = toml::parse(text, subject);
    } catch (const toml::parse_error& problem) {
        return malformed(problem.source().begin.line, problem.description());
    }
    UvTables out;
    const toml::table* uv = &root;
    if (kind == UvFile::pyproject) {
        const auto* tool = root.get_as<toml::table>("tool");
        uv = tool == nullptr ? nullptr : tool->get_as<toml::table>("uv");
        if (uv == nullptr) return out;
        if (const auto* sources = uv->get_as<toml::table>("sources")) read_pins(*sources, out);
    }
    out.present = true;
    out.indexes = indexes_of(*uv);
    out.top = legacy_of(*uv);
    if (const auto* pip = uv->get_as<toml::table>("pip")) out.pip = legacy_of(*pip);
    out.insecure_hosts = texts_of(*uv, "allow-insecure-host");
    out.no_proxy = texts_of(*uv, "no-proxy");
    out.proxy = text_of(*uv, "https-proxy");
    if (out.proxy.empty()) out.proxy = text_of(*uv, "http-proxy");
    return out;
}

}  // namespace envlock::index
