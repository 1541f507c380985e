#include <envlock/index/record_match.hpp>

#include "support/catch.hpp"

#include <envlock/base/digest.hpp>

using namespace envlock;
using index::InstalledRecord;
using index::RecordVerdict;

namespace {

std::string row(const std::string& path, const std::string& content) {
    return path + ",sha256=" + base64url(sha256_raw(content)) + "," + std::to_string(content.size()) + "\n";
}

std::vector<RecordRow> rows(const std::string& text) { return *parse_record(text, "RECORD"); }

const std::string k_wheel = row("x/a.py", "a") + row("x/b.py", "b") + row("x-1.0.dist-info/METADATA", "m") + row("x-1.0.dist-info/WHEEL", "w") +
                            row("x-1.0.dist-info/entry_points.txt", "e") + "x-1.0.dist-info/RECORD,,\n";
const std::string k_added = row("x-1.0.dist-info/INSTALLER", "pip") + row("x-1.0.dist-info/REQUESTED", "") + row("../../../bin/x-tool", "wrapper") +
                            "x/__pycache__/a.cpython-311.pyc,,\n";

InstalledRecord installed(const std::string& text) {
    return {.dist_info = "x-1.0.dist-info", .name = "x", .rows = rows(text), .scripts = {"x-tool"}, .is_script_of = {}};
}

index::RecordMatch match(const std::string& wheel, const std::string& present) { return match_record(rows(wheel), "x-1.0.dist-info", installed(present)); }

std::string without(std::string text, const std::string& part) {
    text.erase(text.find(part), part.size());
    return text;
}

}  // namespace

TEST_CASE("a wheel's rows in any order and with any line ends, plus what an installer adds, are equal") {
    CHECK(match(k_wheel, k_wheel + k_added).verdict == RecordVerdict::equal);
    CHECK(match(k_wheel, k_added + k_wheel).verdict == RecordVerdict::equal);
    std::string crlf;
    for (const char c : k_wheel) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    CHECK(match(crlf, k_wheel + k_added).verdict == RecordVerdict::equal);
}

TEST_CASE("a changed, a removed, an added row and a blanked hash are each refused and named") {
    const auto changed = match(k_wheel, without(k_wheel, row("x/a.py", "a")) + row("x/a.py", "evil"));
    CHECK(changed.verdict == RecordVerdict::altered);
    CHECK(changed.changed == std::vector<std::string>{"x/a.py"});
    CHECK(changed.extra.empty());

    const auto removed = match(k_wheel, without(k_wheel, row("x/a.py", "a")));
    CHECK(removed.verdict == RecordVerdict::altered);
    CHECK(removed.missing == std::vector<std::string>{"x/a.py"});

    const auto added = match(k_wheel, k_wheel + row("x/evil.py", "evil"));
    CHECK(added.verdict == RecordVerdict::altered);
    CHECK(added.extra == std::vector<std::string>{"x/evil.py"});

    const auto blanked = match(k_wheel, without(k_wheel, row("x/a.py", "a")) + "x/a.py,,\n");
    CHECK(blanked.verdict == RecordVerdict::altered);
    CHECK(blanked.changed == std::vector<std::string>{"x/a.py"});
}

TEST_CASE("a file in bin that no entry point asks for is not the installer's") {
    const auto seen = match(k_wheel, k_wheel + k_added + row("../../../bin/evil", "evil"));

    CHECK(seen.verdict == RecordVerdict::altered);
    CHECK(seen.extra == std::vector<std::string>{"../../../bin/evil"});
}

TEST_CASE("equal code with other METADATA is a build of the same source; changed entry points are not") {
    const auto rebuilt = match(k_wheel, without(k_wheel, row("x-1.0.dist-info/WHEEL", "w")) + row("x-1.0.dist-info/WHEEL", "other"));
    CHECK(rebuilt.verdict == RecordVerdict::rebuilt);

    const auto entry = match(k_wheel, without(k_wheel, row("x-1.0.dist-info/entry_points.txt", "e")) + row("x-1.0.dist-info/entry_points.txt", "evil"));
    CHECK(entry.verdict == RecordVerdict::altered);
}

TEST_CASE("another wheel of the version is different, not altered") {
    const auto other = row("x/a.py", "A") + row("x-1.0.dist-info/METADATA", "M") + row("x-1.0.dist-info/WHEEL", "W") + "x-1.0.dist-info/RECORD,,\n";

    CHECK(match(k_wheel, other).verdict == RecordVerdict::different);
}

TEST_CASE("rows of .data folders are found where installers put them") {
    const std::string identity = row("x-1.0.dist-info/METADATA", "m") + row("x-1.0.dist-info/WHEEL", "w");
    const auto wheel = identity + row("x-1.0.data/purelib/x/p.py", "p") + row("x-1.0.data/platlib/x/q.so", "q") + row("x-1.0.data/data/share/man/x.1", "d") +
                       row("x-1.0.data/headers/x.h", "h") + row("x-1.0.data/scripts/run", "s");
    const auto site = identity + row("x/p.py", "p") + row("x/q.so", "q");

    CHECK(match(wheel, site + row("../../../share/man/x.1", "d") + row("../../../include/site/python3.11/x/x.h", "h") + row("../../../bin/run", "s")).verdict == RecordVerdict::equal);
    // With --target the folders lie beside the packages; pip writes the rows one level short.
    CHECK(match(wheel, site + row("../../share/man/x.1", "d") + row("../../include/x/x.h", "h") + row("../../bin/run", "s")).verdict == RecordVerdict::equal);
    // Some pip wrote the wheel's own paths.
    CHECK(match(wheel, wheel).verdict == RecordVerdict::equal);
    CHECK(match(wheel, site + row("../../../share/man/x.1", "other") + row("../../../include/x/x.h", "h") + row("../../../bin/run", "s")).changed == std::vector<std::string>{"x-1.0.data/data/share/man/x.1"});
}

TEST_CASE("a script whose first line an installer rewrote is the wheel's when the line can be put back") {
    const std::string identity = row("x-1.0.dist-info/METADATA", "m") + row("x-1.0.dist-info/WHEEL", "w");
    const auto wheel = identity + row("x-1.0.data/scripts/run", "#!python\nprint()\n");
    auto present = installed(identity + row("../../../bin/run", "#!/e/bin/python\nprint()\n"));
    int asked = 0;
    bool answer = true;
    present.is_script_of = [&](const RecordRow& here, const RecordRow& there) {
        ++asked;
        CHECK(here.path == "../../../bin/run");
        CHECK(there.path == "x-1.0.data/scripts/run");
        return answer;
    };

    CHECK(match_record(rows(wheel), "x-1.0.dist-info", present).verdict == RecordVerdict::equal);
    CHECK(asked == 1);
    answer = false;
    CHECK(match_record(rows(wheel), "x-1.0.dist-info", present).changed == std::vector<std::string>{"x-1.0.data/scripts/run"});
}

TEST_CASE("bytecode that a wheel ships may be compiled over, left out, or stand twice") {
    const auto wheel = k_wheel + row("x/c.pyc", "c");

    CHECK(match(wheel, k_wheel).verdict == RecordVerdict::equal);
    CHECK(match(wheel, k_wheel + "x/c.pyc,,\n").verdict == RecordVerdict::equal);
    CHECK(match(wheel, wheel + "x/c.pyc,,\n").verdict == RecordVerdict::equal);
    CHECK(match(wheel, k_wheel + row("x/c.pyc", "other")).verdict == RecordVerdict::altered);
}

TEST_CASE("a row that the wheel repeats is met by one installed row, and a repeated one by two") {
    const auto wheel = k_wheel + row("x/a.py", "a");

    CHECK(match(wheel, k_wheel).verdict == RecordVerdict::equal);
    CHECK(match(wheel, wheel).verdict == RecordVerdict::equal);
    CHECK(match(k_wheel, wheel).verdict == RecordVerdict::altered);  // one more than the wheel has
}

TEST_CASE("rows that were published unusable do not stop the proof; the same rows made unusable do") {
    const auto bad = std::string("x/z.py,sha256=short,1\n");

    CHECK(match(k_wheel + bad, k_wheel + bad).verdict == RecordVerdict::equal);
    CHECK(match(k_wheel + row("x/z.py", "z"), k_wheel + bad).verdict == RecordVerdict::altered);
}

TEST_CASE("the guess grows with the rows, and with folders and licences of a native wheel") {
    auto small = installed(k_wheel);
    auto large = installed(k_wheel + row("x/deep/down/c.py", "c") + row("x-1.0.dist-info/licenses/LICENSE", std::string(1000, 'l')));

    CHECK(index::guess_tail(small) > 500);
    CHECK(index::guess_tail(large) > index::guess_tail(small) + 2 * 90);
    const auto pure = index::guess_tail(large);
    large.pure = false;
    CHECK(index::guess_tail(large) > pure + 420);
}
