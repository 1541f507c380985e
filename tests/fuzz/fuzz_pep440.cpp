#include <envlock/version/pep440.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Two versions split by the first NUL: normal forms are stable and the order is antisymmetric.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto middle = text.find('\0');
    const auto first = text.substr(0, middle);
    const auto second = middle == std::string_view::npos ? std::string_view("1.0rc1") : text.substr(middle + 1);
    version_levels(first);
    const auto a = parse_pep440(first), b = parse_pep440(second);
    if (a) {
        const auto again = parse_pep440(canonical(*a)), shorter = parse_pep440(canonical_key(*a));
        // Normal forms may grow ("1a" becomes "1a0"), so an input near the cap may not come back.
        if (size < 200 && (!again || canonical(*again) != canonical(*a) || compare(*again, *a) != 0)) std::abort();
        if (size < 200 && (!shorter || compare(*shorter, *a) != 0)) std::abort();
    }
    if (a && b) {
        const auto forward = compare(*a, *b), backward = compare(*b, *a);
        if ((forward < 0) != (backward > 0) || (forward == 0) != (backward == 0)) std::abort();
        if ((forward == 0) != (canonical_key(*a) == canonical_key(*b))) std::abort();
    }
    return 0;
}
