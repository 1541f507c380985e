#include <envlock/app/capture.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("times are RFC 3339 in UTC") {
    CHECK(app::format_time(0) == "1970-01-01T00:00:00Z");
    CHECK(app::format_time(1'769'860'800) == "2026-01-31T12:00:00Z");
    CHECK(app::format_date(1'709'164'799) == "2024-02-28");
}
