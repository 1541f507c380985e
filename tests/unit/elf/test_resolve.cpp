#include <envlock/elf/resolve.hpp>

#include "support/catch.hpp"

using namespace envlock::elf;

namespace {

ElfObject library(std::string soname, std::vector<std::string> needed = {}) {
    ElfObject out;
    out.bits = 64;
    out.machine = 62;
    out.soname = std::move(soname);
    out.needed = std::move(needed);
    return out;
}
ElfObject with_rpath(ElfObject object, std::vector<std::string> dirs) {
    object.has_rpath = true;
    object.rpath = std::move(dirs);
    return object;
}
ElfObject with_runpath(ElfObject object, std::vector<std::string> dirs) {
    object.has_runpath = true;
    object.runpath = std::move(dirs);
    return object;
}

struct World {
    std::map<std::string, ElfObject> files;
    std::map<std::string, bool> texts;
    LoaderProfile profile{.default_dirs = {"/lib"}};

    std::string where(const std::string& root, const std::string& needed) const {
        Process process(profile, [this](const std::string& path) -> Candidate {
            if (texts.contains(path)) return {Candidate::State::not_elf, nullptr, path};
            const auto found = files.find(path);
            return found == files.end() ? Candidate{} : Candidate{Candidate::State::found, &found->second, path};
        });
        process.start("/bin/python");
        for (const auto& edge : process.open(root)) {
            if (edge.needed != needed) continue;
            if (edge.found == Found::nowhere || edge.found == Found::bad_file) return std::string(to_string(edge.found));
            return process.objects()[edge.to].path;
        }
        return "no such edge";
    }
};

World world() { return {.files = {{"/bin/python", library("")}}, .texts = {}}; }

}  // namespace

TEST_CASE("RPATH comes before LD_LIBRARY_PATH, which comes before RUNPATH") {
    auto w = world();
    w.profile.library_path = {"/env"};
    for (const auto* dir : {"/env", "/own"}) w.files[std::string(dir) + "/libq.so"] = library("libq.so");
    w.files["/m/old.so"] = with_rpath(library("", {"libq.so"}), {"/own"});
    w.files["/m/new.so"] = with_runpath(library("", {"libq.so"}), {"/own"});

    CHECK(w.where("/m/old.so", "libq.so") == "/own/libq.so");
    CHECK(w.where("/m/new.so", "libq.so") == "/env/libq.so");
}

TEST_CASE("a parent's RPATH serves grandchildren, its RUNPATH does not, and a child's own RUNPATH cancels it") {
    auto w = world();
    w.files["/own/libq.so"] = library("libq.so");
    w.files["/m/libmid.so"] = library("libmid.so", {"libq.so"});
    w.files["/m/a.so"] = with_rpath(library("", {"libmid.so"}), {"$ORIGIN", "/own"});
    w.files["/m/b.so"] = with_runpath(library("", {"libmid.so"}), {"${ORIGIN}", "/own"});

    CHECK(w.where("/m/a.so", "libq.so") == "/own/libq.so");
    CHECK(w.where("/m/b.so", "libq.so") == "not found");

    w.files["/m/libmid.so"] = with_runpath(library("libmid.so", {"libq.so"}), {"/elsewhere"});
    CHECK(w.where("/m/a.so", "libq.so") == "not found");
}

TEST_CASE("an object with both tags has no RPATH, not even for its children") {
    auto w = world();
    w.files["/own/libq.so"] = library("libq.so");
    w.files["/m/libmid.so"] = library("libmid.so", {"libq.so"});
    w.files["/m/a.so"] = with_runpath(with_rpath(library("", {"libmid.so"}), {"/m", "/own"}), {"/m"});

    CHECK(w.where("/m/a.so", "libq.so") == "not found");
}

TEST_CASE("a name that is already in memory wins over every path") {
    auto w = world();
    w.files["/bin/python"] = library("", {"libpython3.so"});
    w.files["/lib/libpython3.so"] = library("libpython3.so");
    w.files["/m/libpython3.so"] = library("libpython3.so");
    w.files["/m/a.so"] = with_rpath(library("", {"libpython3.so"}), {"$ORIGIN"});

    CHECK(w.where("/m/a.so", "libpython3.so") == "/lib/libpython3.so");
}

TEST_CASE("the program's RPATH serves opened modules, its RUNPATH does not") {
    auto w = world();
    w.files["/base/libq.so"] = library("libq.so");
    w.files["/m/a.so"] = library("", {"libq.so"});
    w.files["/bin/python"] = with_rpath(library(""), {"/base"});
    CHECK(w.where("/m/a.so", "libq.so") == "/base/libq.so");

    w.files["/bin/python"] = with_runpath(library(""), {"/base"});
    CHECK(w.where("/m/a.so", "libq.so") == "not found");
}

TEST_CASE("a library for another machine is passed over, a text file ends the search") {
    auto w = world();
    w.files["/m/a.so"] = with_rpath(library("", {"libq.so"}), {"/one", "/two"});
    w.files["/one/libq.so"] = library("libq.so");
    w.files["/one/libq.so"].bits = 32;
    w.files["/two/libq.so"] = library("libq.so");
    CHECK(w.where("/m/a.so", "libq.so") == "/two/libq.so");

    w.texts["/one/libq.so"] = true;
    CHECK(w.where("/m/a.so", "libq.so") == "not an ELF file");
}

TEST_CASE("circles end and default directories can be refused") {
    auto w = world();
    w.files["/lib/liba.so"] = library("liba.so", {"libb.so"});
    w.files["/lib/libb.so"] = library("libb.so", {"liba.so"});
    w.files["/m/a.so"] = library("", {"liba.so"});
    CHECK(w.where("/m/a.so", "libb.so") == "/lib/libb.so");

    w.files["/m/a.so"].no_default_dirs = true;
    CHECK(w.where("/m/a.so", "liba.so") == "not found");
}

TEST_CASE("musl takes the environment first and walks both paths upwards") {
    auto w = world();
    w.profile.musl = true;
    w.files["/own/libq.so"] = library("libq.so");
    w.files["/m/libmid.so"] = library("libmid.so", {"libq.so"});
    w.files["/m/a.so"] = with_runpath(library("", {"libmid.so"}), {"$ORIGIN", "/own"});

    CHECK(w.where("/m/a.so", "libq.so") == "/own/libq.so");
}
