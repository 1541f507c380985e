#include "support/catch.hpp"
#include "support/probe_context.hpp"

#include "layers/python/probe.hpp"

#include <envlock/host/parallel_hasher.hpp>
#include <envlock/host/posix_file_tree.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace envlock;
namespace fs = std::filesystem;

namespace {

// "3.11": of the one folder in lib/.
std::string python_of(const fs::path& venv) {
    return fs::directory_iterator(venv / "lib")->path().filename().string().substr(6);
}

LayerSnapshot probe(const std::string& venv) {
    const host::PosixFileTree tree;
    test::ProbeWorld world(tree);
    const auto hasher = host::make_tree_hasher("/", "");
    world.use_hasher = hasher.get();
    const auto snapshot = probe_python(world.context(venv, {}));
    REQUIRE(snapshot);
    return *snapshot;
}

}  // namespace

TEST_CASE("a real environment: pip's own files all verify, and one edit is found") {
    const auto venv = fs::path(ENVLOCK_BINARY_DIR) / "real-venv-test";
    fs::remove_all(venv);
    const auto command = "python3 -m venv '" + venv.string() + "' >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) {
        WARN("python3 -m venv does not work here: nothing was tested");
        return;
    }
    const auto site = venv / "lib" / ("python" + python_of(venv)) / "site-packages";

    const auto clean = probe(venv.string());
    std::ofstream(site / "pip/__main__.py", std::ios::app) << "# edited\n";
    const auto edited = probe(venv.string());
    fs::remove_all(venv);

    const auto* pip = clean.find("pip");
    REQUIRE(pip);
    CHECK(pip->files->ok > 300);
    CHECK(pip->files->modified + pip->files->missing + pip->files->escape + pip->files->malformed == 0);
    CHECK(clean.find("python")->facts.at("creator") == Fact(std::string("venv")));
    CHECK(edited.find("pip")->files->modified == 1);
    CHECK(std::ranges::count(edited.notes, "PY010", &Note::rule) == 1);
    CHECK(edited.find("pip")->files->digest != pip->files->digest);
}
