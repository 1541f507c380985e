#include <envlock/ports/file_tree.hpp>

#include <envlock/base/path.hpp>

namespace envlock {

Result<std::string> FileTree::real_path(std::string_view path) const {
    constexpr int k_most_links = 40;  // as the kernel's ELOOP
    std::string rest = resolve_lexically("/", path);
    std::string done;
    int links = 0;
    while (!rest.empty()) {
        const auto slash = rest.find('/', 1);
        const auto next = done + rest.substr(0, slash);
        rest = slash == std::string::npos ? "" : rest.substr(slash);
        if (next == "/") return next;
        const auto seen = ENVLOCK_TRY(info(next));
        if (seen.kind != FileKind::symlink) {
            done = next;
            continue;
        }
        if (++links > k_most_links) return fail(ErrorCode::file_unreadable, std::string(path), "too many levels of symbolic links");
        // ".." inside a target is resolved lexically against the real parent, which is right
        // because `done` has no links left in it.
        rest = resolve_lexically(done.empty() ? "/" : done, seen.target) + rest;
        done.clear();
    }
    return done.empty() ? "/" : done;
}

bool FileTree::is_directory(std::string_view path) const {
    const auto real = real_path(path);
    if (!real) return false;
    if (*real == "/") return true;
    const auto seen = info(*real);
    return seen && seen->kind == FileKind::directory;
}

bool FileTree::is_regular(std::string_view path) const {
    const auto real = real_path(path);
    if (!real || *real == "/") return false;
    const auto seen = info(*real);
    return seen && seen->kind == FileKind::regular;
}

}  // namespace envlock
