#include <envlock/host/posix_file_tree.hpp>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <sys/stat.h>

using namespace envlock;
using host::PosixFileTree;

TEST_CASE("files are read whole, listed sorted, and described without following the last link") {
    const test::TempFolder folder;
    folder.write("b/text", "hello");
    folder.write("a", "");
    std::filesystem::create_symlink("b/text", folder / "link");
    const PosixFileTree files;

    CHECK(files.read(folder / "link", 100) == "hello");
    CHECK(files.info(folder / "link")->kind == FileKind::symlink);
    CHECK(files.info(folder / "link")->target == "b/text");
    const auto names = files.list(folder.path());
    REQUIRE(names);
    REQUIRE(names->size() == 3);
    CHECK((*names)[0].name == "a");
    CHECK((*names)[1].kind == FileKind::directory);
    CHECK((*files.open(folder / "b/text"))->read_at(1, 3) == "ell");
    CHECK_FALSE((*files.open(folder / "b/text"))->read_at(3, 3));
}

TEST_CASE("what is no regular file is refused without waiting for it") {
    const test::TempFolder folder;
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    std::filesystem::create_symlink("loop", folder / "loop");
    const PosixFileTree files;

    CHECK(files.read(folder / "fifo", 100).error().code == ErrorCode::file_not_regular);
    CHECK(files.read(folder.path(), 100).error().code == ErrorCode::file_not_regular);
    CHECK(files.read("/dev/null", 100).error().code == ErrorCode::file_not_regular);
    CHECK(files.read(folder / "loop", 100).error().code == ErrorCode::file_unreadable);
    CHECK(files.read(folder / "none", 100).error().code == ErrorCode::file_missing);
    CHECK(files.read(folder / "a\0b", 100).error().code == ErrorCode::file_missing);
}

TEST_CASE("a file larger than the cap is not read") {
    const test::TempFolder folder;
    folder.write("big", std::string(1000, 'x'));

    CHECK(PosixFileTree().read(folder / "big", 999).error().code == ErrorCode::file_too_large);
    CHECK(PosixFileTree().read(folder / "big", 1000)->size() == 1000);
}

TEST_CASE("files of the kernel have no size and are read all the same") { CHECK(PosixFileTree().read("/proc/self/status", 1U << 20U)->size() > 100); }

TEST_CASE("inside a sysroot every link stays inside") {
    const test::TempFolder folder;
    folder.write("root/etc/os", "inside");
    folder.write("secret", "outside");
    std::filesystem::create_symlink("/etc/os", folder / "root/absolute");
    std::filesystem::create_symlink("../../secret", folder / "root/up");
    const PosixFileTree files(folder / "root");

    CHECK(files.read("/absolute", 100) == "inside");
    CHECK(files.read("/../etc/os", 100) == "inside");
    CHECK(files.read("/up", 100).error().code == ErrorCode::file_missing);
    CHECK(files.real_path("/absolute") == "/etc/os");
}
