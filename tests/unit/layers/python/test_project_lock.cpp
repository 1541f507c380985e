#include "support/catch.hpp"
#include "support/memory_http.hpp"
#include "support/probe_context.hpp"

#include "layers/python/probe.hpp"

#include <envlock/base/digest.hpp>

#include <algorithm>

using namespace envlock;

namespace {

using Files = std::map<std::string, std::string>;

const std::string k_site = "/p/.venv/lib/python3.11/site-packages";
const std::string k_a(64, 'a'), k_b(64, 'b'), k_c(64, 'c');

// A 64-bit little-endian ELF header for x86-64.
std::string elf_header() {
    std::string out(64, '\0');
    out.replace(0, 7, "\x7f" "ELF\x02\x01\x01");
    out[18] = 62;
    return out;
}

void install(Files& files, const std::string& name, const std::string& version, const std::string& direct_url = "") {
    const auto info = k_site + "/" + name + "-" + version + ".dist-info/";
    files[info + "METADATA"] = "Name: " + name + "\nVersion: " + version + "\n";
    files[info + "WHEEL"] = "Wheel-Version: 1.0\nTag: py3-none-any\n";
    files[info + "RECORD"] = "";
    if (!direct_url.empty()) files[info + "direct_url.json"] = direct_url;
}

Files venv() {
    return {{"/p/.venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n"}, {"/p/.venv/bin/python", elf_header()}, {k_site + "/README.txt", ""}};
}

LayerSnapshot probe(const Files& files, const test::MemoryFileTree* tree = nullptr) {
    const test::MemoryFileTree own(files);
    test::ProbeWorld world(tree == nullptr ? own : *tree);
    auto snapshot = probe_python(world.context());
    REQUIRE(snapshot);
    return *snapshot;
}

// "PY040 demo uv.lock ↔ environment: …" for each note of a rule.
std::vector<std::string> findings(const LayerSnapshot& snapshot) {
    std::vector<std::string> out;
    for (const auto& note : snapshot.notes) {
        if (note.rule.starts_with("PY04")) out.push_back(note.rule + " " + note.component + (note.component.empty() ? "" : " ") + note.subject + ": " + note.detail);
    }
    return out;
}

std::string tally(const LayerSnapshot& snapshot, const std::string& lock) {
    for (const auto& note : snapshot.notes) {
        if (note.rule.empty() && note.subject == lock + " ↔ environment" && note.detail.find(" as locked") != std::string::npos) return note.detail;
    }
    return {};
}

std::vector<std::string> lock_fact(const LayerSnapshot& snapshot, const std::string& key) {
    const auto* component = snapshot.find(key);
    REQUIRE(component);
    const auto fact = component->facts.find("lock");
    return fact == component->facts.end() ? std::vector<std::string>() : std::get<std::vector<std::string>>(fact->second);
}

std::string uv_package(const std::string& name, const std::string& version, const std::string& hash = k_a, const std::string& more = "") {
    return "[[package]]\nname = \"" + name + "\"\nversion = \"" + version + "\"\nsource = { registry = \"https://index.example/simple\" }\n" + more +
           (hash.empty() ? "" : "wheels = [{ url = \"https://index.example/" + name + "-" + version + "-py3-none-any.whl\", hash = \"sha256:" + hash + "\" }]\n");
}

std::string uv_lock(const std::string& dependencies, const std::string& packages) {
    return "version = 1\nrequires-python = \">=3.10\"\n[[package]]\nname = \"app\"\nversion = \"0\"\nsource = { virtual = \".\" }\ndependencies = [" + dependencies + "]\n" + packages;
}

}  // namespace

TEST_CASE("an environment that is as its lock says gives no finding, and says so of each distribution") {
    auto files = venv();
    install(files, "demo", "1.0");
    install(files, "pip", "24.0");
    files["/p/uv.lock"] = uv_lock("{ name = \"demo\" }", uv_package("demo", "1.0"));

    const auto snapshot = probe(files);

    CHECK(findings(snapshot).empty());
    CHECK(lock_fact(snapshot, "demo") == std::vector<std::string>{"uv.lock: same"});
    CHECK(lock_fact(snapshot, "pip").empty());
    CHECK(tally(snapshot, "uv.lock") == "1 as locked");
}

TEST_CASE("without a lock nothing is said") {
    auto files = venv();
    install(files, "demo", "1.0");
    files["/p/requirements.txt"] = "demo\n";

    const auto snapshot = probe(files);

    CHECK(snapshot.notes.empty());
    CHECK(lock_fact(snapshot, "demo").empty());
}

TEST_CASE("each disagreement of lock and environment is named with both values and the reason") {
    auto files = venv();
    install(files, "newer", "2.0");
    install(files, "older", "1.0");
    install(files, "extra", "1.0");
    files["/p/uv.lock"] = uv_lock("{ name = \"newer\" }, { name = \"older\" }, { name = \"gone\" }, { name = \"win\", marker = \"sys_platform == 'win32'\" }, { name = \"odd\", marker = \"platform_release > '5'\" }",
                                  uv_package("newer", "1.0") + uv_package("older", "1.1") + uv_package("gone", "3.0") + uv_package("win", "1") + uv_package("odd", "1"));

    const auto snapshot = probe(files);

    CHECK(findings(snapshot) == std::vector<std::string>{"PY040 newer uv.lock ↔ environment: installed 2.0, locked 1.0: the environment is newer",
                                                         "PY040 older uv.lock ↔ environment: installed 1.0, locked 1.1: the lock is newer",
                                                         "PY041 gone uv.lock ↔ environment: locked 3.0, not installed",
                                                         "PY042 extra uv.lock ↔ environment: installed 1.0, and the lock does not name it"});
    CHECK(lock_fact(snapshot, "newer") == std::vector<std::string>{"uv.lock: differs, locked 1.0"});
    CHECK(lock_fact(snapshot, "extra") == std::vector<std::string>{"uv.lock: not in it"});
    CHECK(tally(snapshot, "uv.lock") == "0 as locked, 2 different, 1 missing, 1 not in the lock, 1 perhaps not for this environment and not installed");
}

TEST_CASE("what only extras and groups bring is counted and not missed, and compared when it is there") {
    auto files = venv();
    install(files, "sphinx", "6.0");
    files["/p/uv.lock"] = uv_lock("", "[package.optional-dependencies]\ndocs = [{ name = \"sphinx\" }]\n[package.dev-dependencies]\ndev = [{ name = \"pytest\" }]\n" +
                                          uv_package("sphinx", "7.0") + uv_package("pytest", "8.0"));

    const auto snapshot = probe(files);

    CHECK(findings(snapshot) == std::vector<std::string>{"PY040 sphinx uv.lock ↔ environment: installed 6.0, locked 7.0: the lock is newer"});
    CHECK(tally(snapshot, "uv.lock") == "0 as locked, 1 different, 1 of extras or groups and not installed");
}

TEST_CASE("a distribution that the lock has for other environments only is not in the lock here") {
    auto files = venv();
    install(files, "win", "1");
    files["/p/pylock.toml"] = "lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"win\"\nversion = \"1\"\nmarker = \"sys_platform == 'win32'\"\nwheels = [{ url = \"https://index.example/w.whl\", hashes = { sha256 = \"" + k_a + "\" } }]\n";

    CHECK(findings(probe(files)) == std::vector<std::string>{"PY042 win pylock.toml ↔ environment: installed 1, and the lock has it for other environments only: sys_platform == 'win32'"});
}

TEST_CASE("a known file that is none of the locked ones is a finding, and a guessed one is not") {
    auto files = venv();
    const auto recorded = [](const std::string& hash) { return R"({"url": "https://index.example/demo-1.0-py3-none-any.whl", "archive_info": {"hashes": {"sha256": ")" + hash + "\"}}}"; };
    files["/p/uv.lock"] = uv_lock("{ name = \"demo\" }", uv_package("demo", "1.0", k_a));

    install(files, "demo", "1.0", recorded(k_a));
    const auto same = probe(files);
    install(files, "demo", "1.0", recorded(k_b));
    const auto other = probe(files);
    files["/p/uv.lock"] = uv_lock("{ name = \"demo\" }", uv_package("demo", "1.0", ""));
    const auto unsaid = probe(files);

    CHECK(findings(same).empty());
    CHECK(findings(other) == std::vector<std::string>{"PY043 demo uv.lock ↔ environment: demo-1.0-py3-none-any.whl sha256:" + k_b + " (recorded) is none of the 1 files locked for 1.0"});
    CHECK(lock_fact(other, "demo") == std::vector<std::string>{"uv.lock: another file"});
    CHECK(findings(unsaid) == std::vector<std::string>{"PY045 uv.lock ↔ environment: no hash for demo"});
}

TEST_CASE("a lock that cannot be read is a finding, and the other one is still compared") {
    auto files = venv();
    install(files, "demo", "1.0");
    files["/p/uv.lock"] = "version = 9\n";
    files["/p/poetry.lock"] = "package = []\n";
    files["/p/pdm.lock"] = "-> /etc/secret";
    files["/etc/secret"] = "hidden";
    files["/p/requirements.txt"] = "demo==2.0 --hash=sha256:" + k_a + "\n";

    CHECK(findings(probe(files)) == std::vector<std::string>{"PY040 demo requirements.txt ↔ environment: installed 1.0, locked 2.0: the lock is newer",
                                                             "PY044 pdm.lock: path leaves the tree it belongs to: pdm.lock",
                                                             "PY044 poetry.lock: lock file is malformed: poetry.lock (no metadata)",
                                                             "PY044 uv.lock: lock file version is not supported: uv.lock (version 9)"});
}

TEST_CASE("several locks are each compared") {
    auto files = venv();
    install(files, "demo", "1.0");
    files["/p/uv.lock"] = uv_lock("{ name = \"demo\" }", uv_package("demo", "1.0"));
    files["/p/requirements.txt"] = "demo==1.1\n";

    const auto snapshot = probe(files);

    CHECK(lock_fact(snapshot, "demo") == std::vector<std::string>{"requirements.txt: differs, locked 1.1", "uv.lock: same"});
    CHECK(findings(snapshot) == std::vector<std::string>{"PY040 demo requirements.txt ↔ environment: installed 1.0, locked 1.1: the lock is newer",
                                                         "PY045 requirements.txt ↔ environment: no hash for demo"});
}

TEST_CASE("requirements files speak together: each is for a use, and only hash mode names everything") {
    auto files = venv();
    install(files, "demo", "1.0+cu121");
    install(files, "pytest", "8.0");
    install(files, "stray", "1.0");
    const auto pin = [](const std::string& what) { return what + " --hash=sha256:" + k_a + "\n"; };
    files["/p/requirements.txt"] = pin("demo==1.0");
    files["/p/requirements-dev.txt"] = pin("pytest==8.0") + pin("mypy==1.0");
    const auto hashed = probe(files);
    files["/p/requirements.txt"] = "demo==1.0\n";
    files.erase("/p/requirements-dev.txt");
    const auto plain = probe(files);

    CHECK(findings(hashed) == std::vector<std::string>{"PY042 stray requirements-dev.txt ↔ environment: installed 1.0, and named in none of requirements-dev.txt, requirements.txt"});
    CHECK(tally(hashed, "requirements-dev.txt") == "1 as locked, 1 not in the lock, 1 of extras or groups and not installed");
    CHECK(findings(plain) == std::vector<std::string>{"PY045 requirements.txt ↔ environment: no hash for demo"});
}

TEST_CASE("a source tree is held against the commit or the folder that is locked") {
    auto files = venv();
    const std::string commit(40, '1'), other(40, '2');
    const auto git = [](const std::string& id) { return R"({"url": "https://forge.example/x.git", "vcs_info": {"vcs": "git", "commit_id": ")" + id + "\"}}"; };
    install(files, "moved", "1.0", git(other));
    install(files, "right", "1.0", git(commit));
    install(files, "inplace", "1.0", R"({"url": "file:///p/libs/inplace", "dir_info": {"editable": true}})");
    install(files, "local", "1.0", R"({"url": "file:///p/libs/local", "dir_info": {"editable": true}})");
    const auto entry = [](const std::string& name, const std::string& source) { return "[[packages]]\nname = \"" + name + "\"\n" + source + "\n"; };
    const auto vcs = "vcs = { type = \"git\", url = \"https://forge.example/x.git\", commit-id = \"" + commit + "\" }";
    files["/p/pylock.toml"] = "lock-version = \"1.0\"\ncreated-by = \"x\"\n" + entry("moved", vcs) + entry("right", vcs) + entry("inplace", "directory = { path = \"libs/inplace\", editable = true }") +
                              "[[packages]]\nname = \"local\"\nversion = \"1.0\"\nwheels = [{ url = \"https://index.example/l.whl\", hashes = { sha256 = \"" + k_a + "\" } }]\n";

    CHECK(findings(probe(files)) == std::vector<std::string>{
              "PY040 local pylock.toml ↔ environment: installed 1.0 in place, locked 1.0 from another kind of source (index)",
              "PY040 moved pylock.toml ↔ environment: installed commit " + other + ", locked commit " + commit});
}

TEST_CASE("the project itself needs no place in its lock, and a Python that the lock is not for is a disagreement") {
    auto files = venv();
    install(files, "app", "0.1", R"({"url": "file:///p", "dir_info": {"editable": true}})");
    files["/p/poetry.lock"] = "package = []\n[metadata]\nlock-version = \"2.1\"\npython-versions = \">=3.12\"\n";

    CHECK(findings(probe(files)) == std::vector<std::string>{"PY040 python poetry.lock ↔ environment: the playground has Python 3.11.7, the lock is for >=3.12"});
}

TEST_CASE("without a readable interpreter the machine is unknown, and nothing is missed on a guess") {
    auto files = venv();
    files["/p/.venv/bin/python"] = "#!/bin/sh\n# longer than any header of a program\nexec python3 \"$@\"\n";
    files["/p/uv.lock"] = uv_lock("{ name = \"demo\", marker = \"sys_platform == 'linux'\" }", uv_package("demo", "1.0"));
    const auto script = probe(files);
    files["/p/.venv/bin/python"] = std::string(64, '\0');
    const auto zeros = probe(files);
    files["/p/.venv/bin/python"] = elf_header();
    const auto program = probe(files);

    CHECK(findings(script).empty());
    CHECK(findings(zeros).empty());
    CHECK(tally(script, "uv.lock") == "0 as locked, 1 perhaps not for this environment and not installed");
    CHECK(findings(program) == std::vector<std::string>{"PY041 demo uv.lock ↔ environment: locked 1.0, not installed"});
}

TEST_CASE("two packages of one name that both fit are an ambiguous lock") {
    auto files = venv();
    install(files, "demo", "1.0");
    const auto entry = [](const std::string& version) { return "[[packages]]\nname = \"demo\"\nversion = \"" + version + "\"\nwheels = [{ url = \"https://index.example/l.whl\", hashes = { sha256 = \"" + k_a + "\" } }]\n"; };
    files["/p/pylock.toml"] = "lock-version = \"1.0\"\ncreated-by = \"x\"\n" + entry("1.0") + entry("2.0");

    CHECK(findings(probe(files)) == std::vector<std::string>{"PY044 demo pylock.toml: 2 packages of the name demo fit this environment"});
}

TEST_CASE("a lock that has one of several fitting files names it, and does not touch the evidence") {
    auto files = venv();
    install(files, "demo", "1.0");
    files[k_site + "/demo-1.0.dist-info/WHEEL"] = "Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n";
    const auto file = [](const std::string& name, const std::string& hash) { return R"({"filename":")" + name + R"(","url":"https://index.example/f","hashes":{"sha256":")" + hash + "\"}}"; };
    const auto page = R"({"meta":{"api-version":"1.1"},"name":"demo","versions":["1.0"],"files":[)" + file("demo-1.0-py2.py3-none-any.whl", k_a) + "," + file("demo-1.0-py3.py2-none-any.whl", k_b) + "]}";
    const auto narrowed = [&](const std::string& hash) {
        files["/p/uv.lock"] = uv_lock("{ name = \"demo\" }", uv_package("demo", "1.0", hash));
        const test::MemoryFileTree tree(files);
        test::ProbeWorld world(tree);
        test::MemoryHttp http([&](const HttpRequest&) { return HttpResponse{.status = 200, .headers = {{"content-type", "application/vnd.pypi.simple.v1+json"}}, .body = page, .final_url = {}}; });
        world.use_http = &http;
        auto context = world.context();
        context.ask_index = true;
        context.default_index = "https://index.example/simple/";
        const auto snapshot = probe_python(context);
        REQUIRE(snapshot);
        const auto* demo = snapshot->find("demo");
        CHECK(demo->evidence == Evidence::ambiguous);
        const auto fact = demo->facts.find("lockNarrows");
        return fact == demo->facts.end() ? std::string() : std::get<std::string>(fact->second);
    };

    CHECK(narrowed(k_b) == "demo-1.0-py3.py2-none-any.whl sha256:" + k_b + " (uv.lock)");
    CHECK(narrowed(k_c).empty());
}
