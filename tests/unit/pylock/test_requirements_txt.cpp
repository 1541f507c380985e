#include "sample.hpp"

using namespace envlock;
using namespace envlock::test;
using pylock::SourceKind;

namespace {

std::vector<std::string> names(const pylock::ProjectLock& lock) {
    std::vector<std::string> out;
    for (const auto& each : lock.packages) out.push_back(each.name + " " + each.version);
    return out;
}

}  // namespace

TEST_CASE("requirements: hashes over several lines, comments, byte order mark and both line ends") {
    const auto lock = read_lock("requirements.txt", "\xEF\xBB\xBF# made by hand\r\n--index-url https://u:p@index.example/simple\r\n"
                                                    "demo==1.0 ; python_version >= \"3.8\" \\\r\n    --hash=sha256:" + k_a + " \\\r\n    --hash sha256:" + k_b + "\r\n"
                                                    "    # via something\r\nother==2.0 --hash=sha256:" + k_a + " # trailing\n\n \\\nlast==3\\\n.1 --hash=sha256:" + k_b);

    CHECK(names(lock) == std::vector<std::string>{"demo 1.0", "other 2.0", "last 3.1"});
    CHECK(package(lock, "demo").marker == "python_version >= \"3.8\"");
    CHECK(package(lock, "demo").files.size() == 2);
    CHECK(lock.complete);
    CHECK(lock.warnings.empty());
}

TEST_CASE("requirements: pins without hashes are a weaker lock, what is not pinned is none") {
    const auto lock = read_lock("requirements.txt", "demo==1.0\nother>=2\nthird\nfourth==4.*\nfifth[x,y] === 5.0\n");

    CHECK(names(lock) == std::vector<std::string>{"demo 1.0", "fifth 5.0"});
    CHECK_FALSE(lock.complete);
    CHECK(lock.warnings.empty());
    CHECK(read_lock("requirements.txt", "numpy\n# torch==2\n").packages.empty());
    CHECK(read_lock("requirements.txt", "").packages.empty());
}

TEST_CASE("requirements: hash mode says what pip would refuse") {
    const auto lock = read_lock("requirements.txt", "demo>=1.0 --hash=sha256:" + k_a + "\n-e git+https://forge.example/tree.git@abc#egg=tree\nweak==1 --hash=md5:" + std::string(32, 'a') +
                                                        "\nodd==1 --hash=sha256:zz\n");

    CHECK(lock.complete);
    CHECK(package(lock, "weak").files.empty());
    CHECK(lock.warnings == std::vector<std::string>{"a weak hash, which pip refuses: md5", "a hash that cannot be read: sha256:zz", "demo: not pinned, which hash mode refuses",
                                                    "tree: a source tree, which hash mode refuses"});
}

TEST_CASE("requirements: included files are read once, inside the project only") {
    const auto read = files_of({{"reqs/base.txt", "base==1\n-r ../requirements.txt\n-r deeper/more.txt\n-c limits.txt\n"}, {"reqs/deeper/more.txt", "more==2\n-r ../base.txt\n"},
                                {"reqs/limits.txt", "limit==3\n"}, {"etc/passwd", "root==0\n"}});
    const auto lock = read_lock("requirements.txt", "-r reqs/base.txt\n--requirement=reqs/base.txt\n-rreqs/deeper/more.txt\n-r ../outside.txt\n-r /etc/passwd\n-r https://u:p@index.example/r.txt\n"
                                                    "-r gone.txt\ntop==0\n", read);

    CHECK(names(lock) == std::vector<std::string>{"base 1", "more 2", "limit 3", "top 0"});
    CHECK(needs(lock) == std::vector<std::string>{"base 1: needed", "more 2: needed", "limit 3: optional", "top 0: needed"});
    CHECK(lock.warnings == std::vector<std::string>{"not read, it lies outside the project: ../outside.txt", "not read, it lies outside the project: /etc/passwd",
                                                    "not read, it lies outside the project: https://index.example/r.txt", "file not found: gone.txt"});
}

TEST_CASE("requirements: a chain of includes ends") {
    std::map<std::string, std::string> files;
    for (int i = 0; i < 200; ++i) files["r" + std::to_string(i) + ".txt"] = "p" + std::to_string(i) + "==1\n-r r" + std::to_string(i + 1) + ".txt\n";

    const auto lock = read_lock("requirements.txt", "-r r0.txt\n", files_of(files));

    const std::string half(9U << 20U, '\n');
    const auto large = read_lock("requirements.txt", "-r a.txt\n-r b.txt\ndemo==1\n", files_of({{"a.txt", half}, {"b.txt", half}}));

    CHECK(large.warnings == std::vector<std::string>{"not read, the files are too large together: b.txt"});
    CHECK(large.packages.size() == 1);
    CHECK(lock.packages.size() == 16);
    CHECK(lock.warnings == std::vector<std::string>{"not read, too many files include each other: r16.txt"});
}

TEST_CASE("requirements: places instead of versions") {
    const auto lock = read_lock("requirements.txt", "-e ./libs/own\n-e ./libs/named#egg=Own_Name[x] ; os_name == 'posix'\n"
                                                    "flask @ https://u:p@index.example/flask-3.0.0-py3-none-any.whl#sha256=" + k_a + "\n"
                                                    "tree @ git+https://u:p@forge.example/tree.git@0123abc ; sys_platform == 'linux'\n"
                                                    "./wheels/demo-1.0-py3-none-any.whl\n../wheels/far-1.0-py3-none-any.whl\nhttps://index.example/x.zip\n");

    CHECK(package(lock, "own-name").source == SourceKind::editable);
    CHECK(package(lock, "own-name").marker == "os_name == 'posix'");
    CHECK(package(lock, "flask").source == SourceKind::archive);
    CHECK(package(lock, "flask").version == "3.0.0");
    CHECK(package(lock, "flask").origin == "https://index.example/flask-3.0.0-py3-none-any.whl");
    CHECK(package(lock, "flask").files.front().hashes.at("sha256") == k_a);
    CHECK(package(lock, "tree").source == SourceKind::vcs);
    CHECK(package(lock, "tree").commit == "0123abc");
    CHECK(package(lock, "tree").origin == "git+https://forge.example/tree.git");
    CHECK(package(lock, "demo").origin == "wheels/demo-1.0-py3-none-any.whl");
    CHECK(package(lock, "far").origin.empty());
    CHECK(lock.warnings == std::vector<std::string>{"without a name, so not compared: ./libs/own", "far: its path leaves the project",
                                                    "without a name, so not compared: https://index.example/x.zip"});
}

TEST_CASE("requirements: variables are not filled in, and what is not understood is said without its secret") {
    const auto lock = read_lock("requirements.txt", "${NAME}==1\ndemo==1.0\nfoo @ https://${USER}:${TOKEN}@index.example/foo-1.0-py3-none-any.whl\nbad line https://u:secret@index.example/x\n");

    CHECK(names(lock) == std::vector<std::string>{"demo 1.0", "foo 1.0"});
    CHECK(package(lock, "foo").origin == "https://index.example/foo-1.0-py3-none-any.whl");
    CHECK(lock.warnings == std::vector<std::string>{"not understood: ${NAME}==1", "not understood: bad line https://index.example/x"});
    CHECK_FALSE(try_lock("requirements.txt", std::string("\xFF\xFE" "d\0", 4)));
}
