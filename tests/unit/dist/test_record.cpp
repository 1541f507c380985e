#include "support/catch.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/dist/record.hpp>

using namespace envlock;

namespace {
const std::string k_b64 = base64url(sha256_raw("x"));
std::vector<RecordRow> rows_of(std::string_view text) { return *parse_record(text, "RECORD"); }
}  // namespace

TEST_CASE("RECORD: rows with either line end, a missing last one, and blank lines") {
    const auto rows = rows_of("a.py,sha256=" + k_b64 + ",1\r\nb.py,,\n\nc.py,sha256=" + k_b64 + ",");

    REQUIRE(rows.size() == 3);
    CHECK(rows[0].state == RecordState::hashed);
    CHECK(rows[0].digest == sha256_raw("x"));
    CHECK(rows[0].size == 1);
    CHECK(rows[1].state == RecordState::unhashed);
    CHECK(rows[2].path == "c.py");
    CHECK_FALSE(rows[2].size);
}

TEST_CASE("RECORD: quoted paths keep commas, quotes and newlines") {
    const auto rows = rows_of("\"a,b \"\"c\"\"\nd.py\",sha256=" + k_b64 + ",7\n");

    REQUIRE(rows.size() == 1);
    CHECK(rows[0].path == "a,b \"c\"\nd.py");
    CHECK(rows[0].state == RecordState::hashed);
}

TEST_CASE("RECORD: padding, hex and upper-case names are read") {
    const auto hex = sha256_hex("x");
    const auto rows = rows_of("a,sha256=" + k_b64 + "=,1\nb,SHA256=" + hex + ",1\nc,sha512=" + base64url(std::string(64, 'q')) + ",,more,columns\n");

    REQUIRE(rows.size() == 3);
    for (const auto& row : rows) CHECK(row.state == RecordState::hashed);
    CHECK(rows[1].digest == sha256_raw("x"));
    CHECK(rows[1].algorithm == "sha256");
    CHECK(rows[2].algorithm == "sha512");
}

TEST_CASE("RECORD: what cannot be right is malformed, what is not computed is unsupported") {
    const auto rows = rows_of("short,sha256=AAAA,1\nalphabet,sha256=" + std::string(43, '*') + ",1\nbare," + k_b64 + ",1\nonecolumn\n,sha256=" +
                              k_b64 + ",1\nsize,sha256=" + k_b64 + ",-1\nhuge,sha256=" + k_b64 + ",99999999999999999999\nshake,shake_128=AAAA,1\n" +
                              std::string("nul\0x", 5) + ",sha256=" + k_b64 + ",1\n");

    REQUIRE(rows.size() == 9);
    CHECK(rows[7].state == RecordState::unsupported);
    for (const auto i : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 8U}) {
        INFO(i);
        CHECK(rows[i].state == RecordState::malformed);
    }
}

TEST_CASE("a RECORD path stays inside the environment or is refused") {
    const std::string site = "/p/.venv/lib/python3.11/site-packages", venv = "/p/.venv";

    CHECK(confine_record_path("a/b.py", site, venv) == site + "/a/b.py");
    CHECK(confine_record_path("./a//b/../c.py", site, venv) == site + "/a/c.py");
    CHECK(confine_record_path("../../../bin/x", site, venv) == "/p/.venv/bin/x");
    CHECK(confine_record_path("/p/.venv/bin/x", site, venv) == "/p/.venv/bin/x");
    CHECK_FALSE(confine_record_path("../../../../etc/x", site, venv));
    CHECK_FALSE(confine_record_path("../../../../../../../../etc/passwd", site, venv));
    CHECK_FALSE(confine_record_path("../../../../.venv-other/x", site, venv));
    CHECK_FALSE(confine_record_path("/etc/passwd", site, venv));
    CHECK_FALSE(confine_record_path("C:\\x", site, venv));
    CHECK_FALSE(confine_record_path("a\\..\\x", site, venv));
    CHECK_FALSE(confine_record_path("", site, venv));
    CHECK_FALSE(confine_record_path("../../..", site, venv));
    CHECK_FALSE(confine_record_path("/etc/passwd", site, "/"));
}
