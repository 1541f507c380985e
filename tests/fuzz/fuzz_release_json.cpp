#include <envlock/base/text.hpp>
#include <envlock/index/vulnerabilities.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto seen = index::parse_release_json(text, "x");
    if (seen && seen->vulnerabilities) {
        for (const auto& each : *seen->vulnerabilities) {
            if (each.id.empty() || each.details.size() > 4100 || !is_valid_utf8(each.details) || !is_valid_utf8(each.summary)) std::abort();
        }
    }
    // Whatever the name and the version are, the URL stays on the index and below its folder.
    const auto half = size / 2;
    const auto url = index::release_json_url("https://index.example/simple/", text.substr(0, half), text.substr(half));
    if (url && (!url->starts_with("https://index.example/pypi/") || !url->ends_with("/json") || url->find("..") != std::string::npos ||
                url->find_first_of("?# \r\n") != std::string::npos)) {
        std::abort();
    }
    return 0;
}
