#include "support/catch.hpp"
#include "support/probe_context.hpp"

#include "layers/python/probe.hpp"

#include <algorithm>

using namespace envlock;
using test::MemoryFileTree;
using test::ProbeWorld;
using Files = std::map<std::string, std::string>;

namespace {

const std::string k_site = "/p/.venv/lib/python3.11/site-packages";
const std::string k_info = k_site + "/demo-1.2.dist-info";

std::string row(const std::string& path, const std::string& text, const std::string& algorithm = "sha256") {
    auto hasher = Hasher::create(algorithm);
    hasher->update(text);
    return path + "," + algorithm + "=" + base64url(hasher->finish()) + "," + std::to_string(text.size()) + "\n";
}

Files empty_venv() {
    return {{"/p/.venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\ninclude-system-site-packages = false\n"}, {"/p/.venv/bin/python", "elf"}};
}

const std::string k_metadata = "Metadata-Version: 2.1\nName: Demo\nVersion: 1.2\nRequires-Dist: Other_One>=1\nRequires-Dist: x; extra == 't'\n\n";

// One wheel as pip installs it: INSTALLER, REQUESTED, bytecode, a wrapper, a script with its first line rewritten.
Files by_pip() {
    auto files = empty_venv();
    const std::string script = "#!/p/.venv/bin/python\nprint(1)\n";
    const std::string wrapper = "#!/p/.venv/bin/python\nimport demo\n";
    files[k_site + "/demo/a.py"] = "a = 1\n";
    files[k_site + "/demo/__pycache__/a.cpython-311.pyc"] = "code";
    files[k_info + "/METADATA"] = k_metadata;
    files[k_info + "/WHEEL"] = "Wheel-Version: 1.0\nGenerator: g 1\nTag: py3-none-any\n";
    files[k_info + "/INSTALLER"] = "pip\n";
    files[k_info + "/REQUESTED"] = "";
    files[k_info + "/entry_points.txt"] = "[console_scripts]\ndemo = demo:main\n";
    files["/p/.venv/bin/demo"] = wrapper;
    files["/p/.venv/bin/demo-tool"] = script;
    files["/p/.venv/share/demo/d.txt"] = "data";
    files[k_info + "/RECORD"] = row("../../../bin/demo", wrapper) + row("../../../bin/demo-tool", script) + row("../../../share/demo/d.txt", "data") +
                                row("demo/a.py", "a = 1\n") + "demo/__pycache__/a.cpython-311.pyc,,\n" + row("demo-1.2.dist-info/METADATA", k_metadata) +
                                row("demo-1.2.dist-info/WHEEL", files[k_info + "/WHEEL"]) + row("demo-1.2.dist-info/INSTALLER", "pip\n") +
                                row("demo-1.2.dist-info/REQUESTED", "") + row("demo-1.2.dist-info/entry_points.txt", files[k_info + "/entry_points.txt"]) +
                                "demo-1.2.dist-info/RECORD,,\n";
    return files;
}

// The same wheel by an installer that writes neither bytecode nor the same extra files, in another order, with another prefix.
Files by_uv() {
    auto files = by_pip();
    const std::string script = "#!/elsewhere/.venv/bin/python3\nprint(1)\n";
    files["/p/.venv/bin/demo-tool"] = script;
    files["/p/.venv/bin/demo"] = "#!/elsewhere/.venv/bin/python3\nother wrapper\n";
    files[k_info + "/INSTALLER"] = "uv";
    files[k_info + "/uv_cache.json"] = "{}";
    files.erase(k_site + "/demo/__pycache__/a.cpython-311.pyc");
    files[k_info + "/RECORD"] = row("demo-1.2.dist-info/WHEEL", files[k_info + "/WHEEL"]) + row("demo/a.py", "a = 1\n") +
                                row("demo-1.2.dist-info/METADATA", k_metadata) + row("demo-1.2.dist-info/INSTALLER", "uv") +
                                row("demo-1.2.dist-info/uv_cache.json", "{}") + row("demo-1.2.dist-info/entry_points.txt", files[k_info + "/entry_points.txt"]) +
                                row("../../../bin/demo", files["/p/.venv/bin/demo"]) + row("../../../bin/demo-tool", script) +
                                row("../../../share/demo/d.txt", "data") + "demo-1.2.dist-info/RECORD,,\n";
    return files;
}

LayerSnapshot probe(const Files& files, Level level = Level::full) {
    const MemoryFileTree tree(files);
    ProbeWorld world(tree);
    auto context = world.context();
    context.level = level;
    auto snapshot = probe_python(context);
    REQUIRE(snapshot);
    return *snapshot;
}

std::vector<Note> notes_of(const LayerSnapshot& snapshot, std::string_view rule) {
    std::vector<Note> out;
    std::ranges::copy_if(snapshot.notes, std::back_inserter(out), [&](const Note& note) { return note.rule == rule; });
    return out;
}

void replace(std::string& text, std::string_view from, std::string_view to) { text.replace(text.find(from), from.size(), to); }

}  // namespace

TEST_CASE("a distribution as pip installs it: every file verified, facts read") {
    const auto snapshot = probe(by_pip());

    const auto* demo = snapshot.find("demo");
    REQUIRE(demo);
    REQUIRE(demo->files);
    CHECK(demo->files->ok == 9);
    CHECK(demo->files->unhashed == 2);
    CHECK(demo->files->modified + demo->files->missing + demo->files->escape == 0);
    CHECK(demo->version == "1.2");
    CHECK(demo->path.back() == PathLevel{"source", "index"});
    CHECK(demo->facts.at("installer") == Fact(std::string("pip")));
    CHECK(demo->facts.at("requested") == Fact(true));
    CHECK(demo->facts.at("requires") == Fact(std::vector<std::string>{"other-one"}));
    CHECK(demo->facts.at("tags") == Fact(std::vector<std::string>{"py3-none-any"}));
    CHECK(demo->evidence == Evidence::none);
    CHECK(snapshot.notes.empty());
}

TEST_CASE("one wheel installed by two installers gives equal components") {
    const auto pip = probe(by_pip()), uv = probe(by_uv());

    CHECK(pip.find("demo")->digests == uv.find("demo")->digests);
    CHECK(pip.find("demo")->files->digest == uv.find("demo")->files->digest);
    CHECK(component_digest(*pip.find("demo")) == component_digest(*uv.find("demo")));
}

TEST_CASE("an edited, a deleted and an edited generated file are found and named") {
    auto files = by_pip();
    files[k_site + "/demo/a.py"] = "a = 2\n";
    files["/p/.venv/bin/demo"] += "evil()\n";
    files.erase("/p/.venv/share/demo/d.txt");

    const auto snapshot = probe(files);

    CHECK(snapshot.find("demo")->files->modified == 2);
    CHECK(snapshot.find("demo")->files->missing == 1);
    const auto modified = notes_of(snapshot, "PY010");
    REQUIRE(modified.size() == 2);
    CHECK(modified[1].subject == "demo/a.py");
    CHECK(modified[1].detail == "expected sha256 " + sha256_hex("a = 1\n") + ", found " + sha256_hex("a = 2\n"));
    CHECK(notes_of(snapshot, "PY011").at(0).subject == "../../../share/demo/d.txt");
    const auto clean = probe(by_pip());
    CHECK(snapshot.find("demo")->files->digest != clean.find("demo")->files->digest);
    CHECK(snapshot.find("demo")->digests == clean.find("demo")->digests);
}

TEST_CASE("a script whose first line was rewritten under the wheel's own hash is no false alarm") {
    auto files = by_pip();
    auto& record = files[k_info + "/RECORD"];
    replace(record, row("../../../bin/demo-tool", files["/p/.venv/bin/demo-tool"]), row("../../../bin/demo-tool", "#!python\nprint(1)\n"));

    CHECK(probe(files).find("demo")->files->modified == 0);

    files["/p/.venv/bin/demo-tool"] = "#!/tmp/evil/python\nprint(1)\n";
    CHECK(probe(files).find("demo")->files->modified == 1);
}

TEST_CASE("bytecode never counts as modified") {
    auto files = by_pip();
    replace(files[k_info + "/RECORD"], "demo/__pycache__/a.cpython-311.pyc,,\n", row("demo/__pycache__/a.cpython-311.pyc", "older") + "demo/__pycache__/a.cpython-311.pyc,,\n");

    const auto snapshot = probe(files);

    CHECK(snapshot.find("demo")->files->modified == 0);
    CHECK(snapshot.notes.empty());
}

TEST_CASE("RECORD rows that leave the environment are not opened, bad ones are counted") {
    auto files = by_pip();
    files["/etc/passwd"] = "root";
    files[k_info + "/RECORD"] += row("/etc/passwd", "x") + row("../../../../../etc/passwd", "x") + "short,sha256=AAAA,1\nodd,shake_128=AAAA,1\n" + row("demo/a.py", "other");

    const auto snapshot = probe(files);

    const auto& found = *snapshot.find("demo")->files;
    CHECK(found.escape == 2);
    CHECK(found.malformed == 1);
    CHECK(found.unsupported == 1);
    CHECK(found.duplicate == 1);
    CHECK(notes_of(snapshot, "PY012").size() == 2);
    REQUIRE(notes_of(snapshot, "PY013").size() == 1);
    CHECK(notes_of(snapshot, "PY013")[0].detail == "1 malformed, 1 duplicate, 1 unsupported rows; duplicates contradict each other");
    for (const auto& note : snapshot.notes) CHECK(note.detail.find(sha256_hex("root")) == std::string::npos);
}

TEST_CASE("a file linked from outside is followed; what differs there is not written down") {
    auto files = by_pip();
    files["/cache/a.py"] = "a = 1\n";
    files[k_site + "/demo/a.py"] = "-> /cache/a.py";
    files["/etc/shadow"] = "secret";

    const auto linked = probe(files);
    files[k_site + "/demo/a.py"] = "-> /etc/shadow";
    const auto leaking = probe(files);

    CHECK(linked.find("demo")->files->modified == 0);
    CHECK(linked.find("demo")->facts.at("linkMode") == Fact(std::string("symlink")));
    CHECK(leaking.find("demo")->files->modified == 1);
    CHECK(notes_of(leaking, "PY010").at(0).detail.find(sha256_hex("secret")) == std::string::npos);
}

TEST_CASE("a folder where a file should be is unreadable, not fine") {
    auto files = by_pip();
    files.erase(k_site + "/demo/a.py");
    files[k_site + "/demo/a.py/inner"] = "";

    CHECK(probe(files).find("demo")->files->unreadable == 1);
}

TEST_CASE("many modified files are capped in the notes, not in the count") {
    auto files = by_pip();
    for (int i = 0; i < 60; ++i) files[k_info + "/RECORD"] += row("gone/" + std::to_string(i) + ".py", "x");

    const auto snapshot = probe(files);

    CHECK(snapshot.find("demo")->files->missing == 60);
    const auto notes = notes_of(snapshot, "PY011");
    CHECK(notes.size() == 51);
    CHECK(notes[0].detail == "and 10 more");
}

TEST_CASE("at level metadata no file is hashed") {
    auto files = by_pip();
    files[k_site + "/demo/a.py"] = "a = 2\n";

    const auto snapshot = probe(files, Level::metadata);

    CHECK(snapshot.find("demo")->files->digest.empty());
    CHECK(snapshot.find("demo")->files->modified == 0);
    CHECK(snapshot.find("demo")->digests == probe(by_pip()).find("demo")->digests);
}

TEST_CASE("where a distribution came from is a level of its path") {
    const std::string hex(64, 'a');
    const auto with = [](const std::string& json) {
        auto files = by_pip();
        files[k_info + "/direct_url.json"] = json;
        return *probe(files).find("demo");
    };

    const auto vcs = with(R"({"url":"https://u:secret@forge.example/r.git","vcs_info":{"vcs":"git","commit_id":"c0ffee"}})");
    const auto archive = with(R"({"url":"file:///home/u/demo-1.2-py3-none-any.whl","archive_info":{"hashes":{"sha256":")" + hex + R"("}}})");
    const auto unhashed = with(R"({"url":"file:///home/u/demo.tar.gz","archive_info":{}})");
    const auto editable = with(R"({"url":"file:///p/demo","dir_info":{"editable":true}})");
    const auto broken = with("{");

    CHECK(vcs.path.back().value == "vcs:https://forge.example/r.git@c0ffee");
    CHECK(vcs.evidence == Evidence::source_tree);
    CHECK(archive.path.back().value == "archive:" + hex);
    CHECK(archive.evidence == Evidence::recorded);
    REQUIRE(archive.artifact);
    CHECK(archive.artifact->filename == "demo-1.2-py3-none-any.whl");
    CHECK(archive.artifact->sha256 == hex);
    CHECK(archive.artifact->url == "file://$HOME/demo-1.2-py3-none-any.whl");
    CHECK(unhashed.evidence == Evidence::unverified);
    CHECK(unhashed.path.back().value == "archive:file://$HOME/demo.tar.gz");
    CHECK(editable.path.back().value == "editable");
    CHECK(broken.evidence == Evidence::unverified);
}

TEST_CASE("broken, duplicate, left-over and legacy metadata: each said, the rest read") {
    auto files = by_pip();
    files[k_site + "/demo-1.1.dist-info/METADATA"] = "Name: demo\nVersion: 1.1\n";
    files[k_site + "/empty-3.dist-info/REQUESTED"] = "";
    files[k_site + "/odd-2004d.dist-info/METADATA"] = "Name: odd\nVersion: 2004d\n";
    files[k_site + "/~emo-1.0.dist-info/METADATA"] = "";
    files[k_site + "/old-0.1-py3.11.egg-info"] = "Name: old\nVersion: 0.1\n";
    files[k_site + "/dev.egg-link"] = "/src/dev\n.";
    files["/src/dev/dev.egg-info/PKG-INFO"] = "Name: dev\nVersion: 9\n";

    const auto snapshot = probe(files);

    CHECK(notes_of(snapshot, "PY020").at(0).detail == "installed more than once: demo-1.1.dist-info, demo-1.2.dist-info");
    CHECK(snapshot.find("demo#2") != nullptr);
    CHECK(notes_of(snapshot, "PY021").at(0).component == "empty");
    CHECK(snapshot.find("empty")->version == "3");
    CHECK(notes_of(snapshot, "PY022").size() == 1);
    CHECK(snapshot.find("odd")->path.front() == PathLevel{"value", "2004d"});
    CHECK(snapshot.find("old")->path.back() == PathLevel{"source", "egg"});
    CHECK(snapshot.find("dev")->version == "9");
    CHECK(snapshot.find("dev")->evidence == Evidence::source_tree);
}

TEST_CASE("what runs at start is listed with its owner, path-only .pth files are not") {
    auto files = by_pip();
    files[k_site + "/demo.pth"] = "import os; print('\x1b[31m')\n/some/path\n";
    files[k_site + "/paths.pth"] = "/some/path\n# import no\n";
    files[k_site + "/sitecustomize.py"] = "x = 1\n";
    files[k_info + "/RECORD"] += row("demo.pth", files[k_site + "/demo.pth"]);

    const auto snapshot = probe(files);

    const auto* hook = snapshot.find("startup:demo.pth");
    REQUIRE(hook);
    CHECK(hook->facts.at("owner") == Fact(std::string("demo")));
    CHECK(hook->facts.at("lines") == Fact(std::vector<std::string>{"import os; print('\\x1b[31m')"}));
    CHECK(hook->digests.at("content") == sha256_tagged(files[k_site + "/demo.pth"]));
    CHECK(snapshot.find("startup:paths.pth") == nullptr);
    CHECK(snapshot.find("startup:sitecustomize.py") != nullptr);
}

TEST_CASE("the interpreter: version levels, ABI, no home folder in the facts") {
    auto files = empty_venv();
    files["/p/.venv/pyvenv.cfg"] = "home = /home/u/.pyenv/bin\nversion_info = 3.11.7\nuv = 0.5\n";
    files[k_site + "/a.py"] = "";
    files["/p/.venv/bin/python"] = "-> /home/u/.pyenv/bin/python3";

    const auto snapshot = probe(files);

    const auto* python = snapshot.find("python");
    REQUIRE(python);
    CHECK(python->path == std::vector<PathLevel>{{"major", "3"}, {"minor", "11"}, {"micro", "7"}, {"build", ""}, {"abi", "cp311"}});
    CHECK(python->facts.at("home") == Fact(std::string("$HOME/.pyenv/bin")));
    CHECK(notes_of(snapshot, "PY001").at(0).subject == "$HOME/.pyenv/bin/python3");
}

TEST_CASE("no playground is absence, not an error") {
    const auto snapshot = probe({{"/p/flake.lock", "{}"}});

    CHECK(snapshot.presence == Presence::absent);
    CHECK(snapshot.components.empty());
}
