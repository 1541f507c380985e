#include "layers/nix/base_versions.hpp"

#include "support/catch.hpp"
#include "support/fake_machine.hpp"

using namespace envlock;
using test::FakeMachine;

namespace {

// "/nix/store/aaaa…-<name>": a store path that differs by one letter.
std::string store(char letter, std::string_view name) {
    return "/nix/store/" + std::string(32, letter) + "-" + std::string(name);
}
std::pair<std::string, std::string> package(const std::string& path, std::string_view name, std::string_view version) {
    return {path + "/lib/python3.11/site-packages/" + std::string(name) + "-" + std::string(version) + ".dist-info/METADATA",
            "Metadata-Version: 2.1\nName: " + std::string(name) + "\nVersion: " + std::string(version) + "\n\nName: not-this\n"};
}
nix::BaseVersions find(std::map<std::string, std::string> files, std::map<std::string, std::string> environment = {}) {
    FakeMachine machine(std::move(files), std::move(environment));
    return nix::find_base_versions(machine.context(), "3.11");
}

}  // namespace

TEST_CASE("the shell's own store paths say what the base provides, dependencies included") {
    const auto numpy = store('a', "python3.11-numpy-1.26.4");
    const auto pandas = store('b', "python3.11-pandas-2.2.1");

    const auto found = find({package(numpy, "numpy", "1.26.4"), package(pandas, "Pandas", "2.2.1"), {pandas + "/nix-support/propagated-build-inputs", numpy + " "}},
                            {{"buildInputs", pandas + " /nix/store/nonsense"}});

    CHECK(found.method == "shell");
    CHECK(found.by_name.at("numpy") == nix::BaseVersion{"1.26.4", numpy});
    CHECK(found.by_name.at("pandas").version == "2.2.1");
}

TEST_CASE("the declared environment of the shell is read when its variables are not set") {
    const auto numpy = store('a', "python3.11-numpy-1.26.4");

    const auto found = find({package(numpy, "numpy", "1.26.4"), {"/nix/store/env", R"({"variables":{"buildInputs":{"type":"exported","value":")" + numpy + R"("}}})"}},
                            {{"NIX_GCROOT", "/nix/store/env"}});

    CHECK(found.method == "shell");
    CHECK(found.by_name.contains("numpy"));
}

TEST_CASE("what Python would find first counts") {
    const auto first = store('b', "python3.11-numpy-1.26.4");
    const auto second = store('a', "python3.11-numpy-1.24.0");

    const auto found = find({package(first, "numpy", "1.26.4"), package(second, "numpy", "1.24.0")},
                            {{"PYTHONPATH", first + "/lib/python3.11/site-packages:" + second + "/lib/python3.11/site-packages"}});

    CHECK(found.by_name.at("numpy").version == "1.26.4");
    CHECK(found.notes.size() == 1);
}

TEST_CASE("packages inside the playground's own interpreter are the base") {
    const auto env = store('c', "python3-3.11.9-env");

    const auto found = find({package(env, "requests", "2.31.0"), {"/p/.venv/pyvenv.cfg", "home = " + env + "/bin\nversion = 3.11.9\n"}});

    CHECK(found.method == "interpreter-env");
    CHECK(found.by_name.at("requests").source == env);
}

TEST_CASE("the bare store counts only where one version of a name is in it") {
    const auto found = find({package(store('a', "python3.11-numpy-1.26.4"), "numpy", "1.26.4"), package(store('b', "python3.11-numpy-1.24.0"), "numpy", "1.24.0"),
                             package(store('c', "python3.11-idna-3.6"), "idna", "3.6"), package(store('d', "python3.12-flask-3.0.0"), "flask", "3.0.0")});

    CHECK(found.method == "store");
    CHECK(found.by_name.size() == 1);
    CHECK(found.by_name.at("idna").version == "3.6");
    CHECK(found.notes.size() == 2);
}

TEST_CASE("without a base nothing is claimed") {
    CHECK(find({{"/p/x", ""}}).method == "none");
    CHECK(find({package("/opt/x", "numpy", "1.0")}, {{"PYTHONPATH", "/opt/x/lib/python3.11/site-packages"}}).by_name.empty());
    FakeMachine machine(std::map<std::string, std::string>{{"/nix/store/x", ""}});
    CHECK(nix::find_base_versions(machine.context(), "../..").method == "none");
}
