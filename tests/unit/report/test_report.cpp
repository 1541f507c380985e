#include <envlock/report/html_report.hpp>
#include <envlock/report/json_report.hpp>
#include <envlock/report/markdown_report.hpp>
#include <envlock/report/sarif_report.hpp>
#include <envlock/report/text_report.hpp>

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>

#include "report/wording.hpp"
#include "support/catch.hpp"
#include "unit/report/sample.hpp"

#include <algorithm>

using namespace envlock;
using namespace envlock::test;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// No byte that moves a cursor, no bidirectional control, and valid UTF-8.
bool is_tame(const std::string& text) {
    const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; };
    return std::ranges::none_of(text, control) && !has(text, "\xe2\x80\xae") && is_valid_utf8(text);
}

}  // namespace

TEST_CASE("JSON starts with the verdict and comes back as the same bytes") {
    const auto text = render_json(sample_report());

    CHECK(text.starts_with("{\n  \"verdict\": \"drift\",\n  \"exitCode\": 1,\n"));
    const auto back = parse_report(text);
    REQUIRE(back);
    CHECK(render_json(*back) == text);
    CHECK(render_html(*back) == render_html(sample_report()));
    CHECK(render_sarif(*back) == render_sarif(sample_report()));
    CHECK(render_text(*back, {.verbose = true}) == render_text(sample_report(), {.verbose = true}));
}

TEST_CASE("a report of another schema, shape or type is refused with a reason") {
    CHECK_FALSE(parse_report("[]"));
    CHECK_FALSE(parse_report("{}"));
    CHECK_FALSE(parse_report(R"({"schema": "urn:envlock:report:v2", "verdict": "clean"})"));
    CHECK_FALSE(parse_report(R"({"schema": "urn:envlock:report:v1", "verdict": "fine"})"));
    CHECK_FALSE(parse_report(R"({"schema": "urn:envlock:report:v1", "verdict": "clean", "points": "many"})"));
    CHECK_FALSE(parse_report(R"({"schema": "urn:envlock:report:v1", "verdict": "clean", "findings": [{"severity": "odd"}]})"));
    CHECK_FALSE(parse_report(R"({"schema": "urn:envlock:report:v1", "verdict": "clean", "layers": [{"id": "x", "total": 1, "identical": 9007199254740991}]})"));
    CHECK(parse_report(R"({"schema": "urn:envlock:report:v1", "verdict": "clean", "later": 1})"));
}

TEST_CASE("the last line on a terminal is the verdict, and a summary is that line alone") {
    const auto text = render_text(sample_report(), {});
    const auto summary = render_text(sample_report(), {.summary = true});

    CHECK(text.ends_with("\n" + summary));
    CHECK(summary == "DRIFTED ▲  1 critical, 2 medium, 1 suppressed; 3.40 points, score 15.64–31.00 of 100; not everything could be checked; fails: severity >= low\n");
    CHECK(std::ranges::count(summary, '\n') == 1);
    CHECK(text.find("rich") < text.find("torch"));
}

TEST_CASE("colour adds nothing but colour, and a narrow terminal cuts lines by characters") {
    auto colored = render_text(sample_report(), {.color = true});
    for (auto at = colored.find("\x1b["); at != std::string::npos; at = colored.find("\x1b[")) colored.erase(at, colored.find('m', at) - at + 1);
    CHECK(colored == render_text(sample_report(), {}));

    const auto narrow = render_text(sample_report(), {.width = 40});
    CHECK(is_valid_utf8(narrow));
    CHECK(has(narrow, "…"));
}

TEST_CASE("more than forty findings are cut at the harmless end unless all are asked for") {
    auto report = sample_report();
    report.findings.resize(1);
    for (int i = 0; i < 60; ++i) {
        report.findings.push_back(sample_report().findings[3]);
        report.findings.back().component = "extra-" + std::to_string(i);
    }

    const auto text = render_text(report, {});

    CHECK(has(text, "21 less important ones"));
    CHECK(has(text, "python/torch"));
    CHECK(has(render_text(report, {.verbose = true}), "extra-59"));
}

TEST_CASE("the change column is eight wide and says what kind of change it is") {
    const auto findings = sample_report().findings;
    CHECK(report_detail::change_column(findings[0]) == ".H...I..");
    CHECK(report_detail::change_column(findings[1]) == "--------");
    CHECK(report_detail::change_column(findings[2]) == "M.....>.");
    CHECK(report_detail::change_column(findings[3]) == "+++++++:");
}

TEST_CASE("points keep small amounts visible") {
    CHECK(report_detail::points_text(0) == "0.00");
    CHECK(report_detail::points_text(800'000) == "0.80");
    CHECK(report_detail::points_text(12'345'678) == "12.34");
    CHECK(report_detail::points_text(1'500) == "0.0015");
}

TEST_CASE("hostile text cannot leave its place in any format") {
    const auto report = hostile_report();

    for (const bool verbose : {false, true}) CHECK(is_tame(render_text(report, {.verbose = verbose})));
    CHECK_FALSE(has(render_text(report, {.verbose = true}), "\n::error"));

    const auto markdown = render_markdown(report, 65'000);
    CHECK(is_tame(markdown));
    CHECK_FALSE(has(markdown, "<script"));
    CHECK(std::ranges::count(markdown, '\n') < 60);
    CHECK_FALSE(has(markdown, " |pipe|"));

    const auto html = render_html(report);
    CHECK(is_tame(html));
    CHECK_FALSE(has(html, "<script>"));
    CHECK(html.find("<script") == html.rfind("<script"));
    CHECK(html.find("</script") == html.rfind("</script"));
    CHECK(html.rfind("<!--") == std::string::npos);

    for (const auto& text : {render_json(report), render_sarif(report)}) {
        CHECK(json::parse(text, {}, "report"));
        CHECK_FALSE(has(text, "\x1b"));
    }
}

TEST_CASE("the page names the hash of its own style, has no other style and no script that runs") {
    const auto html = render_html(sample_report());
    const auto begin = html.find("<style>") + 7;
    const auto style = html.substr(begin, html.find("</style>") - begin);

    CHECK(has(html, "style-src 'sha256-" + base64(sha256_raw(style)) + "'"));
    CHECK_FALSE(has(html, "style=\""));
    CHECK_FALSE(has(html, "http://"));
    CHECK_FALSE(has(html, "https://"));
    constexpr std::string_view open = "<script type=\"application/json\" id=\"report\">";
    REQUIRE(has(html, open));
    const auto raw = html.find(open) + open.size();
    const auto inside = parse_report(html.substr(raw, html.find("</script>") - raw));
    REQUIRE(inside);
    CHECK(render_json(*inside) == render_json(sample_report()));
}

TEST_CASE("a comment never exceeds its limit, whatever it is, and is cut by whole rows") {
    auto report = sample_report();
    for (int i = 0; i < 3'000; ++i) {
        report.findings.push_back(sample_report().findings[2]);
        report.findings.back().component = "package-" + std::to_string(i);
    }
    for (const std::size_t most : {65'000U, 5'000U, 1'000U, 100U, 10U}) CHECK(render_markdown(report, most).size() <= most);

    const auto comment = render_markdown(report, 65'000);
    CHECK(comment.starts_with("<!-- envlock:v1 -->\n**DRIFTED ▲"));
    CHECK(has(comment, "more rows are in the JSON report"));
    CHECK(has(comment, "</details>"));
    CHECK(render_markdown(hostile_report(), 2'000).size() <= 2'000);
}

TEST_CASE("every SARIF result has a place and a fingerprint of its own that a version bump keeps") {
    auto report = sample_report();
    report.findings[2].location = {};
    auto later = report;
    later.findings[2].after_text = "2.2.0";
    later.findings[2].rule = "PY103";
    later.findings[2].level = "minor";

    const auto log = *json::parse(render_sarif(report), {}, "sarif"), next = *json::parse(render_sarif(later), {}, "sarif");
    const auto results = [](const json::Value& value) { return *(*value.find("runs")->array())[0].find("results")->array(); };

    std::vector<std::string> prints;
    for (const auto& result : results(log)) {
        const auto* place = (*result.find("locations")->array())[0].find("physicalLocation");
        CHECK_FALSE(place->find("artifactLocation")->text("uri").empty());
        CHECK(*place->find("region")->find("startLine")->integer() >= 1);
        CHECK_FALSE(result.find("message")->text("text").empty());
        prints.emplace_back(result.find("partialFingerprints")->text("primaryLocationLineHash"));
    }
    REQUIRE(prints.size() == 4);
    std::vector<std::string> next_prints;
    for (const auto& result : results(next)) next_prints.emplace_back(result.find("partialFingerprints")->text("primaryLocationLineHash"));
    CHECK(next_prints == prints);
    std::ranges::sort(prints);
    CHECK(std::ranges::adjacent_find(prints) == prints.end());
    CHECK(results(log)[3].find("suppressions") != nullptr);
}
