#include "layers/nix/flake_lock.hpp"
#include "layers/nix/store_path.hpp"

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;
using namespace envlock;

namespace {

// A folder that is gone when the test ends. A store is read-only, so that is undone first.
struct Scratch {
    fs::path path;
    Scratch() {
        std::string name = (fs::temp_directory_path() / "envlock-nix-XXXXXX").string();
        if (mkdtemp(name.data()) != nullptr) path = name;
    }
    ~Scratch() {
        if (!path.empty()) (void)std::system(("chmod -R u+w '" + path.string() + "'; rm -rf '" + path.string() + "'").c_str());
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
};

void write_text(const fs::path& path, std::string_view text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("a lock that Nix itself writes is read, and its input lies where the narHash says") {
    if (std::system("command -v nix >/dev/null 2>&1") != 0) {
        WARN("skipped: nix is not installed");
        return;
    }
    const Scratch scratch;
    const auto top = scratch.path.string();
    write_text(scratch.path / "f/dep/flake.nix", "{ outputs = { self }: { x = 1; }; }\n");
    write_text(scratch.path / "f/flake.nix", "{ inputs.dep.url = \"path:" + top + "/f/dep\"; outputs = { self, dep }: { x = dep.x; }; }\n");
    const auto line = "env -i PATH=\"$PATH\" HOME='" + top + "' NIX_STATE_DIR='" + top + "/state' timeout 60 nix --store '" + top + "/root' --extra-experimental-features 'nix-command flakes' flake lock 'path:" + top + "/f' >/dev/null 2>&1";
    if (std::system(line.c_str()) != 0) {
        WARN("skipped: this nix cannot make a lock here");
        return;
    }
    std::ifstream file(scratch.path / "f/flake.lock", std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

    const auto lock = nix::parse_flake_lock(text, "flake.lock");

    REQUIRE(lock);
    CHECK(lock->problems.empty());
    REQUIRE(lock->inputs.size() == 1);
    CHECK(lock->inputs[0].path == "dep");
    CHECK(lock->inputs[0].pin == nix::Pin::content);
    const auto raw = nix::parse_nar_hash(lock->inputs[0].nar_hash);
    REQUIRE(raw);
    const auto place = nix::source_store_path(*raw);
    REQUIRE(place);
    CHECK(fs::exists(top + "/root" + *place + "/flake.nix"));
}
