#include "host/net/xml_html_reader.hpp"

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("anchors, base and metas are read with their values unescaped") {
    const auto seen = host::make_html_reader()->links(R"(<!DOCTYPE html><html><head><base href="https://index.example/files/">
        <meta name="pypi:repository-version" content="1.1"></head><body>
        <a href="a-1.whl#sha256=00" data-requires-python="&gt;=3.8" DATA-YANKED="">a-1.whl</a><br>
        <A HREF=b.whl>b<b>.whl</b></A></body></html>)");

    REQUIRE(seen);
    CHECK(seen->base == "https://index.example/files/");
    CHECK(seen->metas.at("pypi:repository-version") == "1.1");
    REQUIRE(seen->anchors.size() == 2);
    CHECK(seen->anchors[0].attributes.at("href") == "a-1.whl#sha256=00");
    CHECK(seen->anchors[0].attributes.at("data-requires-python") == ">=3.8");
    CHECK(seen->anchors[0].attributes.contains("data-yanked"));
    CHECK(seen->anchors[1].text == "b.whl");
}

TEST_CASE("nonsense gives no anchors and no crash") {
    const auto reader = host::make_html_reader();

    CHECK(reader->links("")->anchors.empty());
    CHECK(reader->links("\xff\xfe<a")->anchors.size() <= 1);
}

TEST_CASE("nesting without end is refused in good time") {
    std::string deep;
    for (int i = 0; i < 300'000; ++i) deep += "<div></b>";

    const auto seen = envlock::host::make_html_reader()->links(deep);

    REQUIRE_FALSE(seen);
    CHECK(seen.error().code == envlock::ErrorCode::response_malformed);
}
