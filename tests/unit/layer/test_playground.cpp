#include "support/catch.hpp"
#include "support/probe_context.hpp"

#include <envlock/layer/playground.hpp>

#include <algorithm>

using namespace envlock;
using test::MemoryFileTree;
using test::ProbeWorld;

namespace {
const std::string k_site = "/p/.venv/lib/python3.11/site-packages";
const std::string k_store = "/nix/store/0c5x3vw2ml2dbc2hv6z4lvqjwfvpd5zf-python3-3.11.7";

bool has_rule(const std::vector<Note>& notes, std::string_view rule) { return std::ranges::find(notes, rule, &Note::rule) != notes.end(); }
}  // namespace

TEST_CASE("a playground on a Nix base: version, links and store path") {
    const MemoryFileTree files{{"/p/.venv/pyvenv.cfg", "home = " + k_store + "/bin\nversion = 3.11.7\ninclude-system-site-packages = false\n"},
                               {"/p/.venv/bin/python", "-> python3"},
                               {"/p/.venv/bin/python3", "-> " + k_store + "/bin/python3.11"},
                               {k_store + "/bin/python3.11", "elf"},
                               {k_site + "/a.py", ""},
                               {"/p/.venv/lib64", "-> lib"}};
    ProbeWorld world(files);

    const auto found = find_playground(world.context());

    REQUIRE(found);
    CHECK(found->python_version == "3.11");
    CHECK(found->full_version == "3.11.7");
    CHECK(found->base_store == k_store);
    CHECK(found->interpreter.size() == 3);
    CHECK_FALSE(found->dangling);
    REQUIRE(found->site_dirs.size() == 1);
    CHECK(found->site_dirs[0].path == k_site);
    CHECK(found->site_dirs[0].layer == "venv");
    CHECK(found->notes.empty());
}

TEST_CASE("without a virtual environment: file_missing") {
    const MemoryFileTree files{{"/p/flake.lock", ""}};
    ProbeWorld world(files);

    const auto found = find_playground(world.context());

    REQUIRE_FALSE(found);
    CHECK(found.error().code == ErrorCode::file_missing);
}

TEST_CASE("a dangling interpreter and another Python in the lib folder are notes") {
    const MemoryFileTree files{{"/p/.venv/pyvenv.cfg", "home = /gone/bin\nversion_info = 3.12\n"}, {"/p/.venv/bin/python", "-> /gone/bin/python3"}, {k_site + "/a.py", ""}};
    ProbeWorld world(files);

    const auto found = find_playground(world.context());

    REQUIRE(found);
    CHECK(found->dangling);
    CHECK(found->python_version == "3.11");
    CHECK(has_rule(found->notes, "PY001"));
    CHECK(has_rule(found->notes, "PY002"));
}

TEST_CASE("with system site packages, the user's and the base's folders are layers of their own") {
    const MemoryFileTree files{{"/p/.venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\ninclude-system-site-packages = true\n"},
                               {k_site + "/a.py", ""},
                               {"/home/u/.local/lib/python3.11/site-packages/b.py", ""},
                               {"/usr/lib/python3/dist-packages/c.py", ""},
                               {"/opt/extra/d.py", ""}};
    ProbeWorld world(files);

    const auto found = find_playground(world.context("/p/.venv", {{"HOME", "/home/u"}, {"PYTHONPATH", "/opt/extra:/none:../p/src"}}));

    REQUIRE(found);
    std::vector<std::string> layers;
    for (const auto& site : found->site_dirs) layers.push_back(site.layer);
    CHECK(layers == std::vector<std::string>{"venv", "user", "base", "pythonpath"});
    CHECK(found->site_dirs[2].prefix == "/usr");
}

TEST_CASE("a .venv that is a file points to the environment; lib64 that is a folder counts too") {
    const MemoryFileTree files{{"/p/.venv", "../envs/one\n"},
                               {"/envs/one/pyvenv.cfg", "home=/usr/bin\n"},
                               {"/envs/one/lib/python3.13t/site-packages/a.py", ""},
                               {"/envs/one/lib64/python3.13t/site-packages/b.so", ""},
                               {"/envs/one/lib/python3.9/site-packages/old.py", ""}};
    ProbeWorld world(files);

    const auto found = find_playground(world.context());

    REQUIRE(found);
    CHECK(found->prefix == "/envs/one");
    CHECK(found->python_version == "3.13");
    CHECK(found->abi_flags == "t");
    CHECK(found->site_dirs.size() == 2);
}

TEST_CASE("every form of installed metadata is listed") {
    const MemoryFileTree files{{"/p/.venv/pyvenv.cfg", ""},
                               {k_site + "/a-1.dist-info/METADATA", ""},
                               {k_site + "/b-1.egg-info/PKG-INFO", ""},
                               {k_site + "/c-1.egg-info", ""},
                               {k_site + "/d.egg-link", ""},
                               {k_site + "/e-1.egg/EGG-INFO/PKG-INFO", ""},
                               {k_site + "/~umpy-1.dist-info/METADATA", ""},
                               {k_site + "/plain.dist-info", "a file"}};
    ProbeWorld world(files);
    const auto context = world.context();
    const auto playground = *find_playground(context);
    std::vector<Note> notes;

    const auto found = list_installed(context, playground, notes);

    std::vector<InstalledKind> kinds;
    for (const auto& dir : found) kinds.push_back(dir.kind);
    CHECK(kinds == std::vector<InstalledKind>{InstalledKind::dist_info, InstalledKind::egg_info_dir, InstalledKind::egg_info_file, InstalledKind::egg_link,
                                              InstalledKind::egg_info_dir, InstalledKind::leftover});
    CHECK(notes.empty());
}
