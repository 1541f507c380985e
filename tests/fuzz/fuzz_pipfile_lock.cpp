#include <envlock/pylock/need.hpp>

#include <cstdint>
#include <cstdlib>

// Reading ends, and every package has a name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const auto lock = pylock::parse_lock(pylock::LockKind::pipfile, {reinterpret_cast<const char*>(data), size}, "Pipfile.lock",
                                         [](const std::string& path) -> Result<std::string> { return fail(ErrorCode::file_missing, path); });
    if (!lock) return 0;
    for (const auto& package : lock->packages) {
        if (package.name.empty()) std::abort();
    }
    if (pylock::find_needs(*lock, {}).size() != lock->packages.size()) std::abort();
    return 0;
}
