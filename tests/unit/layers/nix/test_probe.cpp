#include "layers/nix/probe.hpp"
#include "layers/nix/rules.hpp"

#include "support/catch.hpp"
#include "support/fake_machine.hpp"

using namespace envlock;
using test::has_rule;
using test::FakeMachine;

namespace {

const std::string k_lock = R"({"root":"root","version":7,"nodes":{
 "root":{"inputs":{"nixpkgs":"nixpkgs","utils":"utils"}},
 "utils":{"inputs":{"nixpkgs":["nixpkgs"],"dep":"dep"},"locked":{"type":"git","url":"https://u:secret@forge.example/x?token=t","rev":"c1dfcf08411b08f6b8615f7d8971a2bfa81d5e8a"},"original":{"type":"git","url":"https://forge.example/x"}},
 "dep":{"locked":{"type":"path","path":"/home/ada/dep"},"original":{"type":"path","path":"/home/ada/dep"}},
 "nixpkgs":{"locked":{"type":"github","owner":"NixOS","repo":"nixpkgs","rev":"27e30d177e57d912d614c88c622dcfdb2e6e6515","lastModified":1727802920,"narHash":"sha256-Vy1rq5AaRuLzOxct8nz4T6wlgyUR7zLU309k9mBC768="},"original":{"type":"github","owner":"NixOS","repo":"nixpkgs","ref":"nixos-unstable"}}}})";

std::vector<std::string> git(std::vector<std::string> question) {
    std::vector<std::string> argv{"git", "-C", "/p", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"};
    argv.insert(argv.end(), question.begin(), question.end());
    return argv;
}
test::ScriptedRunner git_says(int tracked, int ignored, std::string err = "") {
    return {{git({"ls-files", "--error-unmatch", "--", "flake.lock"}), {tracked, "", std::move(err)}},
            {git({"check-ignore", "-q", "--", "flake.lock"}), {ignored, "", ""}}};
}
LayerSnapshot probe(std::map<std::string, std::string> files, std::map<std::string, std::string> environment = {}, test::ScriptedRunner programs = git_says(0, 1)) {
    FakeMachine machine(std::move(files), std::move(environment), std::move(programs));
    auto snapshot = nix::probe_nix(machine.context());
    REQUIRE(snapshot);
    return *std::move(snapshot);
}

}  // namespace

TEST_CASE("a locked input is one component with its levels, its hash and its place in the store") {
    const auto layer = probe({{"/p/flake.lock", k_lock}, {"/nix/store/yj1wxm9hh8610iyzqnz75kvs6xl8j3my-source/flake.nix", ""}});

    const auto* nixpkgs = layer.find("nixpkgs");
    REQUIRE(nixpkgs != nullptr);
    CHECK(layer.presence == Presence::present);
    CHECK(nixpkgs->kind == "input");
    CHECK(nixpkgs->version == "27e30d177e57");
    CHECK(nixpkgs->path == std::vector<PathLevel>{{"repo", "github:NixOS/nixpkgs"}, {"ref", "nixos-unstable"}, {"rev", "27e30d177e57d912d614c88c622dcfdb2e6e6515"}});
    CHECK(nixpkgs->digests.at("narHash") == "sha256:572d6bab901a46e2f33b172df27cf84fac25832511ef32d4df4f64f66042efaf");
    CHECK(nixpkgs->facts.at("storePath") == Fact("/nix/store/yj1wxm9hh8610iyzqnz75kvs6xl8j3my-source"));
    CHECK(nixpkgs->facts.at("storePresent") == Fact(true));
    CHECK(nixpkgs->facts.at("lastModified") == Fact(std::int64_t{1727802920}));
    CHECK(nixpkgs->facts.at("pin") == Fact("content"));
    CHECK(layer.find("utils/nixpkgs")->facts.at("follows") == Fact("nixpkgs"));
}

TEST_CASE("no secret and no home folder of a lock gets into the layer") {
    const auto layer = probe({{"/p/flake.lock", k_lock}}, {{"HOME", "/home/ada"}});

    CHECK(layer.find("utils")->path[0].value == "git:https://forge.example/x");
    CHECK(layer.find("utils/dep")->path[0].value == "path:$HOME/dep");
    CHECK(layer.find("nixpkgs")->facts.at("storePresent") == Fact(false));
}

TEST_CASE("NIX005 names each input that is not pinned by content") {
    const auto layer = probe({{"/p/flake.lock", k_lock}});

    std::vector<std::string> named;
    for (const auto& note : layer.notes) {
        if (note.rule == "NIX005") named.push_back(note.component);
    }
    CHECK(named == std::vector<std::string>{"utils", "utils/dep"});
}

TEST_CASE("NIX001: a base that nothing pins") {
    CHECK(probe({{"/p/x", ""}}).presence == Presence::absent);
    CHECK(has_rule(probe({{"/p/x", ""}}), "NIX001"));
    CHECK(probe({{"/p/flake.nix", "{}"}}).presence == Presence::present);
    CHECK(has_rule(probe({{"/p/flake.nix", "{}"}}), "NIX001"));
    CHECK(probe({{"/p/x", ""}, {"/nix/store/x", ""}}).presence == Presence::present);
    CHECK_FALSE(has_rule(probe({{"/p/flake.lock", k_lock}}), "NIX001"));
    CHECK_FALSE(has_rule(probe({{"/p/npins/sources.json", "{}"}}), "NIX001"));
}

TEST_CASE("NIX002 and NIX003: git does not have the lock") {
    CHECK_FALSE(has_rule(probe({{"/p/flake.lock", k_lock}}), "NIX002"));
    CHECK(has_rule(probe({{"/p/flake.lock", k_lock}}, {}, git_says(1, 1)), "NIX002"));
    const auto ignored = probe({{"/p/flake.lock", k_lock}}, {}, git_says(1, 0));
    CHECK(has_rule(ignored, "NIX003"));
    CHECK_FALSE(has_rule(ignored, "NIX002"));
    CHECK_FALSE(has_rule(probe({{"/p/flake.lock", k_lock}}, {}, git_says(128, 128, "fatal: not a git repository")), ""));
    CHECK(has_rule(probe({{"/p/flake.lock", k_lock}}, {}, git_says(128, 128, "fatal: detected dubious ownership")), ""));
    CHECK(has_rule(probe({{"/p/flake.lock", k_lock}}, {}, {}), ""));
}

TEST_CASE("NIX004 and NIX006: a lock that cannot be read is an unknown component, not an empty layer") {
    const auto broken = probe({{"/p/flake.lock", "{"}});
    CHECK(has_rule(broken, "NIX004"));
    CHECK(broken.presence == Presence::present);
    CHECK(broken.find("flake.lock")->unknown);

    const auto conflict = probe({{"/p/flake.lock", "{\n<<<<<<< HEAD\n"}});
    CHECK(has_rule(conflict, "NIX006"));
    CHECK(conflict.find("flake.lock")->unknown);

    const auto part = probe({{"/p/flake.lock", R"({"root":"r","version":7,"nodes":{"r":{"inputs":{"a":"gone"}}}})"}});
    CHECK(has_rule(part, "NIX004"));
    CHECK(part.find("a")->unknown);
}

TEST_CASE("NIX007: the playground's Python is gone from the store") {
    const std::string python = "/nix/store/yj1wxm9hh8610iyzqnz75kvs6xl8j3my-python3-3.11.9/bin/python3.11";

    const std::map<std::string, std::string> chain{{"/p/.venv/bin/python", "-> python3"}, {"/p/.venv/bin/python3", "-> " + python}};
    auto whole = chain;
    whole[python] = "ELF";

    CHECK(has_rule(probe(chain), "NIX007"));
    CHECK_FALSE(has_rule(probe(whole), "NIX007"));
    CHECK(has_rule(probe({{"/p/.venv/pyvenv.cfg", "home = /nix/store/yj1wxm9hh8610iyzqnz75kvs6xl8j3my-python3-3.11.9/bin\n"}}), "NIX007"));
    CHECK_FALSE(has_rule(probe({{"/p/.venv/bin/python", "-> /usr/bin/gone"}}), "NIX007"));
}

TEST_CASE("NIX008: a channel in the code, but not in a comment or a string") {
    CHECK(has_rule(probe({{"/p/shell.nix", "{ pkgs ? import <nixpkgs> {} }: pkgs.mkShell {}"}}), "NIX008"));
    CHECK(nix::names_a_channel("import <nixpkgs/nixos>"));
    CHECK_FALSE(nix::names_a_channel("# import <nixpkgs>\n1"));
    CHECK_FALSE(nix::names_a_channel("/* <nixpkgs> */ \"<nixpkgs>\" ''<nixpkgs> '''<x>'' "));
    CHECK_FALSE(nix::names_a_channel("a < b && c > d"));
    CHECK(nix::names_a_channel("''text'' <nixpkgs>"));
    CHECK_FALSE(nix::names_a_channel("\"unfinished <nixpkgs>"));
}

TEST_CASE("NIX009: an empty element of LD_LIBRARY_PATH") {
    const auto value = GENERATE(as<std::string>{}, "/a:", ":/a", "/a::/b");
    CHECK(has_rule(probe({{"/p/x", ""}}, {{"LD_LIBRARY_PATH", value}}), "NIX009"));
    CHECK_FALSE(has_rule(probe({{"/p/x", ""}}, {{"LD_LIBRARY_PATH", "/a:/b"}}), "NIX009"));
    CHECK_FALSE(has_rule(probe({{"/p/x", ""}}, {{"LD_LIBRARY_PATH", ""}}), "NIX009"));
}

TEST_CASE("devenv.lock is read when there is no flake.lock, and the shell is a component only inside one") {
    const auto layer = probe({{"/p/devenv.lock", k_lock}}, {{"IN_NIX_SHELL", "impure"}});

    CHECK(layer.find("nixpkgs")->facts.at("file") == Fact("devenv.lock"));
    CHECK(layer.find("nix-shell")->facts.at("inNixShell") == Fact("impure"));
    CHECK(probe({{"/p/devenv.lock", k_lock}}).find("nix-shell") == nullptr);
}
