#include <envlock/elf/object.hpp>

#include "support/memory_file_tree.hpp"

// Whatever the bytes, reading ends, within the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace envlock;
    const test::MemoryFileTree files{{"/a", std::string(reinterpret_cast<const char*>(data), size)}};
    if (const auto file = files.open("/a")) (void)elf::read_object(**file, "a");
    return 0;
}
