#include <envlock/elf/object.hpp>

#include "support/catch.hpp"
#include "support/memory_file_tree.hpp"
#include "unit/elf/elf_builder.hpp"

using namespace envlock;
using namespace envlock::elf;

namespace {

Result<ElfObject> read(const std::string& bytes) {
    const test::MemoryFileTree files{{"/a", bytes}};
    const auto file = files.open("/a");
    return read_object(**file, "a");
}

}  // namespace

TEST_CASE("an object tells its names, paths and versions") {
    test::ElfBuilder builder;
    builder.soname = "libx.so.1";
    builder.interp = "/lib64/ld-linux-x86-64.so.2";
    builder.needed = {"libc.so.6", "liby.so"};
    builder.runpath = "$ORIGIN::/opt";
    builder.needs = {{"libc.so.6", {"GLIBC_2.17", "GLIBC_2.34"}}, {"liby.so", {"Y_1"}}};
    builder.defs = {"X_1", "X_2"};

    const auto object = read(builder.build());

    REQUIRE(object);
    CHECK(object->bits == 64);
    CHECK(machine_name(object->machine) == "x86_64");
    CHECK(object->soname == "libx.so.1");
    CHECK(object->interp == "/lib64/ld-linux-x86-64.so.2");
    CHECK(object->needed == std::vector<std::string>{"libc.so.6", "liby.so"});
    CHECK(object->runpath == std::vector<std::string>{"$ORIGIN", "", "/opt"});
    CHECK_FALSE(object->has_rpath);
    CHECK(object->version_needs == std::vector<VersionNeed>{{"libc.so.6", {"GLIBC_2.17", "GLIBC_2.34"}}, {"liby.so", {"Y_1"}}});
    CHECK(object->version_defs == std::vector<std::string>{"X_1", "X_2"});
    CHECK_FALSE(object->truncated);
}

TEST_CASE("text, empty and tiny files are refused with a reason") {
    CHECK(read("").error().detail == "too short for an ELF file");
    CHECK(read("\x7f" "ELF").error().detail == "too short for an ELF file");
    CHECK(read("INPUT(-lfoo -lbar and more)").error().detail == "not an ELF file");
}

TEST_CASE("a file cut inside a segment is truncated, and one cut in its tables is refused or truncated, never read beyond") {
    test::ElfBuilder builder;
    builder.needed = {"libc.so.6"};
    const auto whole = builder.build();

    CHECK(read(whole.substr(0, whole.size() - 1))->truncated);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto object = read(whole.substr(0, size));
        CHECK((!object || object->truncated));
    }
}

TEST_CASE("any single wrong byte is survived") {
    test::ElfBuilder builder;
    builder.needed = {"libc.so.6"};
    builder.needs = {{"libc.so.6", {"GLIBC_2.17"}}};
    builder.defs = {"X_1"};
    const auto whole = builder.build();

    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char byte : {'\0', '\x01', '\x7f', '\xff'}) {
            auto copy = whole;
            copy[at] = byte;
            (void)read(copy);
        }
    }
    SUCCEED();
}

TEST_CASE("an object that would make the search explode is refused") {
    test::ElfBuilder many_dirs, many_needs;
    many_dirs.runpath = std::string(2'000, ':');
    many_needs.needed.assign(2'000, "libx.so");

    CHECK(read(many_dirs.build()).error().detail == "has too many search folders");
    CHECK(read(many_needs.build()).error().detail == "needs too many libraries");
}
