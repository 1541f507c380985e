#include "layers/python/lock_files.hpp"

#include <envlock/base/path.hpp>

namespace envlock::python {
namespace {

constexpr std::size_t k_most_bytes = 16U << 20U;
constexpr std::size_t k_most_locks = 64;

Result<std::string> read_inside(const ProbeContext& context, const std::string& path) {
    const auto root = ENVLOCK_TRY(context.files.real_path(context.project.root));
    const auto real = ENVLOCK_TRY(context.files.real_path(join(context.project.root, path)));
    if (!below(root, real)) return fail(ErrorCode::path_escapes, path);
    auto text = context.files.read(real, k_most_bytes);
    if (!text) text.error().subject = path;
    return text;
}

}  // namespace

std::vector<pylock::ProjectLock> read_project_locks(const ProbeContext& context, std::vector<Note>& notes) {
    std::vector<pylock::ProjectLock> out;
    const auto entries = context.files.list(context.project.root);
    if (!entries) return out;
    for (const auto& entry : *entries) {
        const auto kind = pylock::lock_kind(entry.name);
        if (!kind || entry.kind == FileKind::directory) continue;
        if (out.size() >= k_most_locks) {
            notes.push_back({"", "", entry.name, "not read: the project has very many locks"});
            break;
        }
        const auto text = read_inside(context, entry.name);
        auto lock = text ? pylock::parse_lock(*kind, *text, entry.name, [&](const std::string& path) { return read_inside(context, path); })
                         : Result<pylock::ProjectLock>(tl::make_unexpected(text.error()));
        if (!lock) {
            notes.push_back({"PY044", "", entry.name, to_line(lock.error())});
            continue;
        }
        if (*kind == pylock::LockKind::requirements && lock->packages.empty()) continue;
        for (const auto& warning : lock->warnings) notes.push_back({"", "", entry.name, warning});
        out.push_back(*std::move(lock));
    }
    return out;
}

}  // namespace envlock::python
