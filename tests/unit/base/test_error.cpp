#include <envlock/base/error.hpp>

#include "support/catch.hpp"

#include <set>

using namespace envlock;

TEST_CASE("every error code has its own slug and a clause without a full stop") {
    std::set<std::string_view> slugs;
    for (int i = 0; i < static_cast<int>(ErrorCode::last_); ++i) {
        const auto text = describe(static_cast<ErrorCode>(i));

        INFO(i << " " << text.slug);
        CHECK(slugs.insert(text.slug).second);
        CHECK_FALSE(text.what.empty());
        CHECK_FALSE(text.what.ends_with('.'));
    }
}

TEST_CASE("an error line shows hostile text as visible escapes") {
    CHECK(to_line({ErrorCode::file_missing, "a\x1b[31m", "b\n"}) == "file not found: a\\x1b[31m (b\\x0a)");
}
