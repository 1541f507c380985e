#include <envlock/app/project.hpp>

#include "support/catch.hpp"
#include "support/memory_file_tree.hpp"

using namespace envlock;
using test::MemoryFileTree;

TEST_CASE("the project is the nearest folder upward with a mark, and its .venv is the playground") {
    const MemoryFileTree files{{"/w/flake.lock", "{}"}, {"/w/.venv/pyvenv.cfg", ""}, {"/w/src/deep/x.py", ""}};

    const auto project = app::find_project(files, {.start = "/w/src/deep"});

    REQUIRE(project);
    CHECK(project->root == "/w");
    CHECK(project->venv == "/w/.venv");
}

TEST_CASE("an activated playground inside the project wins over .venv, one outside does not") {
    const MemoryFileTree files{{"/w/envlock.toml", ""}, {"/w/.venv/pyvenv.cfg", ""}, {"/w/other/pyvenv.cfg", ""}, {"/else/v/pyvenv.cfg", ""}};

    CHECK(app::find_project(files, {.start = "/w", .environment = {{"VIRTUAL_ENV", "/w/other"}}})->venv == "/w/other");
    CHECK(app::find_project(files, {.start = "/w", .environment = {{"VIRTUAL_ENV", "/else/v"}}})->venv == "/w/.venv");
    CHECK(app::find_project(files, {.start = "/w", .venv = "../else/v"})->venv == "/else/v");
}

TEST_CASE(".venv as a file holds the place of the playground") {
    const MemoryFileTree files{{"/w/flake.nix", ""}, {"/w/.venv", "../else/v\n"}, {"/else/v/pyvenv.cfg", ""}};

    CHECK(app::find_project(files, {.start = "/w"})->venv == "/else/v");
}

TEST_CASE("a folder with a playground only is a project, one with nothing is an error that says what was looked for") {
    const MemoryFileTree files{{"/a/.venv/pyvenv.cfg", ""}, {"/b/x", ""}};

    CHECK(app::find_project(files, {.start = "/a"})->root == "/a");
    const auto none = app::find_project(files, {.start = "/b"});
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::project_missing);
}

TEST_CASE("direct requirements come from requirements files and pyproject, names only") {
    const MemoryFileTree files{
        {"/w/requirements.txt", "# c\nNumPy==1.26.4  # pinned\n-r other.txt\n./wheels/x.whl\nrich[jupyter]>=13; python_version>'3'\nfoo @ https://index.example/foo.whl\n"},
        {"/w/pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\n  \"Requests>=2\",\n  'Zope.Interface',\n]\n[tool.x]\ndependencies = [\"not-this\"]\n"}};

    CHECK(app::direct_requirements(files, "/w") == std::vector<std::string>{"foo", "numpy", "requests", "rich", "zope-interface"});
}

TEST_CASE("subjects are the files that exist, each with its digest") {
    const MemoryFileTree files{{"/w/flake.lock", "{}"}, {"/w/requirements-dev.txt", "x\n"}, {"/w/other.txt", ""}, {"/w/pylock.docs.toml", ""}, {"/w/Pipfile.lock", ""}};
    std::vector<Note> notes;

    const auto subjects = app::find_subjects(files, "/w", notes);

    REQUIRE(subjects.size() == 4);
    CHECK(subjects[0].name == "Pipfile.lock");
    CHECK(subjects[1].name == "flake.lock");
    CHECK(subjects[1].sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    CHECK(subjects[2].name == "pylock.docs.toml");
    CHECK(subjects[3].name == "requirements-dev.txt");
    CHECK(notes.empty());
}
