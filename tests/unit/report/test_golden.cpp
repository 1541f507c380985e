#include <envlock/report/html_report.hpp>
#include <envlock/report/json_report.hpp>
#include <envlock/report/markdown_report.hpp>
#include <envlock/report/sarif_report.hpp>
#include <envlock/report/text_report.hpp>

#include "support/catch.hpp"
#include "unit/report/sample.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace envlock;
using namespace envlock::test;

namespace {

// With ENVLOCK_TEST_ACCEPT=1 the file is written anew, and the test fails so that nobody takes
// that for a pass.
void check_golden(const std::string& name, const std::string& text) {
    const auto path = std::string(ENVLOCK_SOURCE_DIR) + "/fixtures/golden/" + name;
    if (const char* accept = std::getenv("ENVLOCK_TEST_ACCEPT"); accept && std::string_view(accept) == "1") {
        std::ofstream(path, std::ios::binary) << text;
        FAIL("rewritten, not checked: " << path);
    }
    std::ifstream file(path, std::ios::binary);
    const std::string golden((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    INFO(path << ": ENVLOCK_TEST_ACCEPT=1 rewrites it");
    CHECK(text == golden);
}

}  // namespace

TEST_CASE("the terminal report is the golden one") { check_golden("report.txt", render_text(sample_report(), {})); }
TEST_CASE("the verbose terminal report is the golden one") { check_golden("report-verbose.txt", render_text(sample_report(), {.verbose = true})); }
TEST_CASE("the JSON report is the golden one") { check_golden("report.json", render_json(sample_report())); }
TEST_CASE("the Markdown report is the golden one") { check_golden("report.md", render_markdown(sample_report(), 65'000)); }
TEST_CASE("the HTML report is the golden one") { check_golden("report.html", render_html(sample_report())); }
TEST_CASE("the SARIF report is the golden one") { check_golden("report.sarif", render_sarif(sample_report())); }
TEST_CASE("the hostile Markdown report is the golden one") { check_golden("report-hostile.md", render_markdown(hostile_report(), 65'000)); }
TEST_CASE("the hostile terminal report is the golden one") { check_golden("report-hostile.txt", render_text(hostile_report(), {})); }
