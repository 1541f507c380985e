#include <envlock/base/digest.hpp>

#include "support/catch.hpp"

using namespace envlock;

TEST_CASE("SHA-256 equals the FIPS 180 examples, whole and in pieces") {
    const std::string wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    auto hasher = Hasher::create("sha256");
    REQUIRE(hasher);

    hasher->update("a");
    hasher->update("bc");

    CHECK(sha256_hex("abc") == wanted);
    CHECK(to_hex(hasher->finish()) == wanted);
    CHECK(to_hex(hasher->finish()) == sha256_hex(""));  // ready for the next message
}

TEST_CASE("an unknown algorithm is refused, not guessed") { CHECK_FALSE(Hasher::create("shake_128")); }

TEST_CASE("base64 has RFC 4648's examples both ways") {
    CHECK(base64("foob") == "Zm9vYg==");
    CHECK(base64("") == "");
    CHECK(from_base64("Zm9vYg==") == "foob");
    CHECK(from_base64("Zm9vYmFy") == "foobar");
    CHECK(base64url("\xfb\xff") == "-_8");
    CHECK(from_base64("-_8", true) == "\xfb\xff");
}

TEST_CASE("base64 decoding refuses what is not canonical") {
    CHECK_FALSE(from_base64("Zm9vYg"));          // padding missing
    CHECK_FALSE(from_base64("Zm9vYg=", true));   // half of it
    CHECK_FALSE(from_base64("Zm9vYh=="));        // excess bits
    CHECK_FALSE(from_base64("Zm9v Yg=="));       // white space
    CHECK_FALSE(from_base64("+_8", true));       // two alphabets
    CHECK_FALSE(from_base64("Z"));
}

TEST_CASE("hex decoding takes either case and whole bytes only") {
    CHECK(from_hex("00fF") == std::string("\0\xff", 2));
    CHECK_FALSE(from_hex("0"));
    CHECK_FALSE(from_hex("0g"));
}
