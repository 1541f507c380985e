#include "support/catch.hpp"
#include "support/probe_context.hpp"

#include "layers/python/probe.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace envlock;
namespace fs = std::filesystem;

namespace {

// The environment as it lies on the disk, in memory: links stay links.
std::map<std::string, std::string> load(const fs::path& root) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (entry.is_symlink()) {
            files[entry.path().string()] = "-> " + fs::read_symlink(entry.path()).string();
        } else if (entry.is_regular_file()) {
            std::ifstream in(entry.path(), std::ios::binary);
            files[entry.path().string()] = {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        }
    }
    return files;
}

LayerSnapshot probe(const std::map<std::string, std::string>& files, const std::string& venv) {
    const test::MemoryFileTree tree(files);
    test::ProbeWorld world(tree);
    auto snapshot = probe_python(world.context(venv));
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
    auto files = load(venv);
    fs::remove_all(venv);

    const auto clean = probe(files, venv.string());
    const auto source = std::ranges::find_if(files, [](const auto& file) { return file.first.ends_with("/site-packages/pip/__main__.py"); });
    REQUIRE(source != files.end());
    source->second += "# edited\n";
    const auto edited = probe(files, venv.string());

    const auto* pip = clean.find("pip");
    REQUIRE(pip);
    CHECK(pip->files->ok > 300);
    CHECK(pip->files->modified + pip->files->missing + pip->files->escape + pip->files->malformed == 0);
    CHECK(clean.find("python")->facts.at("creator") == Fact(std::string("venv")));
    CHECK(edited.find("pip")->files->modified == 1);
    CHECK(std::ranges::count(edited.notes, "PY010", &Note::rule) == 1);
    CHECK(edited.find("pip")->files->digest != pip->files->digest);
}
