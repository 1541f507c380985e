#include <envlock/pylock/need.hpp>

#include <cstdint>
#include <cstdlib>

// The first byte chooses the format. Reading ends, names are normal, hashes are well-formed, and
// every package gets an answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    if (size == 0) return 0;
    constexpr pylock::LockKind k_kinds[]{pylock::LockKind::uv, pylock::LockKind::pylock, pylock::LockKind::poetry, pylock::LockKind::pdm};
    const auto kind = k_kinds[data[0] % 4];
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto lock = pylock::parse_lock(kind, text, "fuzz.lock", [](const std::string& path) -> Result<std::string> { return fail(ErrorCode::file_missing, path); });
    if (!lock) return 0;
    for (const auto& package : lock->packages) {
        if (package.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) std::abort();
        for (const auto& file : package.files) {
            for (const auto& hash : file.hashes) {
                if (hash.second.find_first_not_of("0123456789abcdef") != std::string::npos) std::abort();
            }
        }
        const bool folder = package.source == pylock::SourceKind::path || package.source == pylock::SourceKind::editable;
        if (folder && (package.origin == ".." || package.origin.starts_with("../") || package.origin.starts_with('/'))) std::abort();
    }
    if (pylock::find_needs(*lock, {}).size() != lock->packages.size()) std::abort();
    return 0;
}
