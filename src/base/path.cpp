#include <envlock/base/path.hpp>

#include <envlock/base/text.hpp>

#include <vector>

namespace envlock {

std::string resolve_lexically(std::string_view base, std::string_view path) {
    std::vector<std::string_view> parts;
    const auto add = [&](std::string_view text) {
        for (const auto part : split(text, '/')) {
            if (part.empty() || part == ".") continue;
            if (part != "..") parts.push_back(part);
            else if (!parts.empty()) parts.pop_back();
        }
    };
    if (!path.starts_with('/')) add(base);
    add(path);
    std::string out;
    for (const auto part : parts) out.append("/").append(part);
    return out.empty() ? "/" : out;
}

std::optional<std::string> below(std::string_view dir, std::string_view path) {
    const auto from = resolve_lexically("/", dir);
    const auto to = resolve_lexically("/", path);
    if (from == to) return "";
    const auto prefix = from == "/" ? from : from + "/";
    if (!to.starts_with(prefix)) return std::nullopt;
    return to.substr(prefix.size());
}

std::string_view file_name(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent_path(std::string_view path) {
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    return path.substr(0, slash == 0 ? 1 : slash);
}

std::string join(std::string_view a, std::string_view b) {
    if (a.empty()) return std::string(b);
    std::string out(a);
    if (!out.ends_with('/')) out += '/';
    return out.append(b);
}

}  // namespace envlock
