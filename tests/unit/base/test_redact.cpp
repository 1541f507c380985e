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

TEST_CASE("folders that say who and where are replaced by names, the longest first") {
    const std::map<std::string, std::string> folders{{"/home/ada", "$HOME"}, {"/home/ada/work/p", "$PROJECT"}, {"/", "$ROOT"}, {"", "$NONE"}};

    CHECK(replace_folders("/home/ada/work/p/lib:/home/ada/x:/usr/lib", folders) == "$PROJECT/lib:$HOME/x:/usr/lib");
    CHECK(replace_folders("git+file:///home/ada", folders) == "git+file://$HOME");
    CHECK(replace_folders("/home/adam/x", folders) == "/home/*/x");
    CHECK(replace_folders("-L/Users/bob -L/home/ada", folders) == "-L/Users/* -L$HOME");
    CHECK(replace_folders("/srv/home/ada/x", folders) == "/srv/home/ada/x");
    CHECK(replace_folders("/home", folders) == "/home");
}
