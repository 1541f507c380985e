#include <envlock/pylock/need.hpp>

#include <cstdint>
#include <cstdlib>

// The text includes itself under any name: reading ends all the same, and asks for nothing outside
// of the project.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    if (size > (64U << 10U)) return 0;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto read = [&](const std::string& path) -> Result<std::string> {
        if (path.starts_with('/') || path == ".." || path.starts_with("../") || path.find("/../") != std::string::npos) std::abort();
        return text;
    };
    const auto lock = pylock::parse_lock(pylock::LockKind::requirements, text, "requirements.txt", read);
    if (!lock) return 0;
    if (pylock::find_needs(*lock, {}).size() != lock->packages.size()) std::abort();
    return 0;
}
