#include <envlock/base/text.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("control, bidirectional and invisible characters become visible escapes") {
    CHECK(escape_controls("a\tb") == "a\\x09b");
    CHECK(escape_controls("\xc2\x9b" "31m") == "\\x9b31m");             // C1 CSI
    CHECK(escape_controls("\xe2\x80\xae" "abc") == "\\u202Eabc");       // right-to-left override
    CHECK(escape_controls("\xe2\x80\x8b") == "\\u200B");                // zero-width space
    CHECK(escape_controls("\xf3\xa0\x81\x81") == "\\U000E0041");        // tag character
    CHECK(escape_controls("na\xc3\xafve \xe6\x97\xa5") == "na\xc3\xafve \xe6\x97\xa5");
    CHECK(escape_controls("\xff") == "\\xff");
}

TEST_CASE("UTF-8 is checked as RFC 3629 says") {
    CHECK(is_valid_utf8("\xf0\x9f\x90\x8d"));
    CHECK_FALSE(is_valid_utf8("\xc0\xaf"));          // overlong
    CHECK_FALSE(is_valid_utf8("\xed\xa0\x80"));      // surrogate
    CHECK_FALSE(is_valid_utf8("\xf4\x90\x80\x80"));  // above U+10FFFF
    CHECK(to_utf8("caf\xe9") == "caf\\xe9");
}

TEST_CASE("HTML and Markdown text cannot leave its place") {
    CHECK(escape_html("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    CHECK(escape_markdown("[x](y)|<b>`@z") == "\\[x\\]\\(y\\)\\|&lt;b&gt;\\`\\@z");
}

TEST_CASE("lines end at LF, CRLF or CR") {
    CHECK(split_lines("a\r\nb\rc\n\nd") == std::vector<std::string_view>{"a", "b", "c", "", "d"});
    CHECK(split_lines("").empty());
}
