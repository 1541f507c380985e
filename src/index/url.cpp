#include <envlock/index/project_page.hpp>

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

namespace envlock::index {

std::string resolve_url(std::string_view base, std::string_view reference) {
    reference = reference.substr(0, reference.find('#'));
    if (reference.find("://") != std::string_view::npos && reference.find("://") < reference.find_first_of("/?")) return std::string(reference);
    const auto scheme_end = base.find("://");
    if (scheme_end == std::string_view::npos) return std::string(reference);
    if (reference.starts_with("//")) return std::string(base.substr(0, scheme_end + 1)).append(reference);
    base = base.substr(0, base.find_first_of("?#"));
    const auto path_at = base.find('/', scheme_end + 3);
    const std::string origin(base.substr(0, path_at));
    const auto path = path_at == std::string_view::npos ? std::string_view("/") : base.substr(path_at);
    const auto query_at = reference.find('?');
    const auto query = query_at == std::string_view::npos ? std::string_view{} : reference.substr(query_at);
    reference = reference.substr(0, query_at);
    if (reference.empty()) return origin + std::string(path) + std::string(query);
    const auto folder = path.substr(0, path.rfind('/') + 1);
    auto resolved = resolve_lexically(folder, reference);
    if (reference.ends_with('/') && !resolved.ends_with('/')) resolved += '/';
    return origin + resolved + std::string(query);
}

std::string resolve_file_url(std::string_view base, std::string_view reference) {
    auto out = resolve_url(base, reference);
    const auto scheme = ascii_lower(std::string_view(out).substr(0, 8));
    return scheme.starts_with("http://") || scheme == "https://" ? out : std::string();
}

bool has_private_parts(const PublishedFile& file) {
    const auto has = [](std::string_view url) {
        if (url.find('?') != std::string_view::npos) return true;
        const auto authority = url.find("://");
        return authority != std::string_view::npos && url.substr(authority + 3, url.find('/', authority + 3) - authority - 3).find('@') != std::string_view::npos;
    };
    return has(file.url) || has(file.provenance);
}

}  // namespace envlock::index
