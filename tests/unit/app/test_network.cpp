#include <envlock/app/network.hpp>

#include "support/catch.hpp"
#include "support/memory_file_tree.hpp"

using namespace envlock;

TEST_CASE("what pip and uv say about the way to an index reaches the network") {
    const test::MemoryFileTree files{{"/p/uv.toml", "no-proxy = [\"inside.example\"]\nhttps-proxy = \"http://proxy.example:1\"\nallow-insecure-host = [\"a.example\"]\n"},
                                     {"/etc/pip.conf", "[global]\ncert = /ca.pem\ntrusted-host = b.example\n"}};

    const auto settings = app::network_settings(files, {{"SSL_CLIENT_CERT", "/me.pem"}}, {.root = "/p", .venv = ""}, {"--trusted-host", "c.example"}, "");

    CHECK(settings.ca_file == "/ca.pem");
    CHECK(settings.client_cert == "/me.pem");
    CHECK(settings.proxy == "http://proxy.example:1");
    CHECK(settings.no_proxy == "inside.example");
    CHECK(settings.trusted_hosts == std::vector<std::string>{"b.example", "a.example", "c.example"});
}
