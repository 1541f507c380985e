#include <envlock/base/redact.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("a URL loses its user information and its query, and keeps what is no secret") {
    CHECK(redact_url("https://user:p%40ss@index.example/simple/?token=abc") == "https://index.example/simple/");
    CHECK(redact_url("git+ssh://git@index.example/x.git@main#subdirectory=a&egg=b&key=c") ==
          "git+ssh://index.example/x.git@main#subdirectory=a&egg=b");
    CHECK(redact_url("https://index.example/a.whl#sha256=00ff") == "https://index.example/a.whl#sha256=00ff");
    CHECK(redact_url("/local/path") == "/local/path");
}

TEST_CASE("URLs inside a message are redacted too") {
    CHECK(redact_urls_in("could not reach \"https://u:p@index.example/x\" twice") == "could not reach \"https://index.example/x\" twice");
}

TEST_CASE("secrets are recognised by shape, placeholders and plain words are not") {
    CHECK(find_secret("x ghp_0123456789012345678901234567890123 y") == "forge token");
    CHECK(find_secret("https://u:secret@index.example/") == "URL with a password");
    CHECK_FALSE(find_secret("https://${USER}:${TOKEN}@index.example/"));
    CHECK_FALSE(find_secret("git+ssh://git@index.example/"));
    CHECK_FALSE(find_secret("numpy ghp_short"));
}
