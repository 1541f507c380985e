#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <envlock/host/posix_file_tree.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace envlock;
using namespace envlock::host;
namespace fs = std::filesystem;

TEST_CASE("the disk is read, listed by bytes and described without following the last link") {
    const test::TempFolder folder;
    folder.write("b", "text");
    folder.write("B/inner", "");
    fs::create_symlink("b", folder / "a");
    const PosixFileTree files;

    const auto listed = files.list(folder.path());
    const auto link = files.info(folder / "a");

    REQUIRE(listed);
    REQUIRE(listed->size() == 3);
    CHECK((*listed)[0].name == "B");
    CHECK((*listed)[0].kind == FileKind::directory);
    CHECK((*listed)[1].kind == FileKind::symlink);
    CHECK((*listed)[2].kind == FileKind::regular);
    REQUIRE(link);
    CHECK(link->kind == FileKind::symlink);
    CHECK(link->target == "b");
    CHECK(files.read(folder / "a") == std::string("text"));
    CHECK(files.info(folder / "b")->size == 4);
}

TEST_CASE("what is no regular file is never opened for reading") {
    const test::TempFolder folder;
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    fs::create_symlink("nowhere", folder / "dangling");
    fs::create_symlink("loop", folder / "loop");
    const PosixFileTree files;

    CHECK(files.read(folder / "fifo").error().code == ErrorCode::file_not_regular);
    CHECK(files.read(folder.path()).error().code == ErrorCode::file_not_regular);
    CHECK(files.read("/dev/null").error().code == ErrorCode::file_not_regular);
    CHECK(files.read(folder / "dangling").error().code == ErrorCode::file_missing);
    CHECK(files.read(folder / "loop").error().code == ErrorCode::file_unreadable);
    CHECK(files.read(folder / "dangling/below").error().code == ErrorCode::file_missing);
    CHECK(files.read(std::string(folder / "x") + '\0').error().code == ErrorCode::file_missing);
    CHECK(files.info(folder / "dangling")->kind == FileKind::symlink);
}

TEST_CASE("a file without permission is unreadable, not missing") {
    if (::geteuid() == 0) return;  // root may read everything
    const test::TempFolder folder;
    ::chmod(folder.write("secret", "x").c_str(), 0);

    const auto got = PosixFileTree().read(folder / "secret");

    REQUIRE_FALSE(got);
    CHECK(got.error().code == ErrorCode::file_unreadable);
    CHECK_FALSE(got.error().detail.empty());
}

TEST_CASE("a file above the cap is refused, one at the cap is read") {
    const test::TempFolder folder;
    folder.write("ten", "0123456789");
    const PosixFileTree files;

    CHECK(files.read(folder / "ten", 9).error().code == ErrorCode::file_too_large);
    CHECK(files.read(folder / "ten", 10) == std::string("0123456789"));
}

TEST_CASE("pieces are read exactly or not at all") {
    const test::TempFolder folder;
    folder.write("ten", "0123456789");

    const auto file = PosixFileTree().open(folder / "ten");

    REQUIRE(file);
    CHECK((*file)->size() == 10);
    CHECK((*file)->read_at(3, 4) == std::string("3456"));
    CHECK_FALSE((*file)->read_at(8, 3));
    CHECK_FALSE((*file)->read_at(UINT64_MAX, 2));
}

TEST_CASE("nothing leaves a root that is a folder") {
    const test::TempFolder folder;
    folder.write("outside", "secret");
    folder.write("root/etc/real", "inside");
    fs::create_symlink("/etc/real", folder / "root/absolute");
    fs::create_symlink("../../../../outside", folder / "root/climbing");
    fs::create_symlink("/etc", folder / "root/folder");
    const PosixFileTree files(folder / "root");

    CHECK(files.read("/absolute") == std::string("inside"));
    CHECK(files.read("/folder/real") == std::string("inside"));
    CHECK(files.read("/../../etc/real") == std::string("inside"));
    CHECK(files.read("/climbing").error().code == ErrorCode::file_missing);
    CHECK(files.read("/../outside").error().code == ErrorCode::file_missing);
    CHECK(files.info("/..")->inode == files.info("/")->inode);
    CHECK(files.info("/folder/..")->inode == files.info("/")->inode);
    CHECK(files.info("/folder")->target == "/etc");
    CHECK(files.list("/folder")->size() == 1);
    CHECK(files.real_path("/folder/real") == std::string("/etc/real"));
}

TEST_CASE("a root that is not there is missing, whatever is asked") {
    const PosixFileTree files("/nonexistent-root");

    CHECK(files.read("/etc/passwd").error().code == ErrorCode::file_missing);
    CHECK(files.list("/").error().code == ErrorCode::file_missing);
}

}  // namespace
