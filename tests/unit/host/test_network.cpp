#include "support/catch.hpp"

#include <envlock/host/network.hpp>

using namespace envlock;

TEST_CASE("the network module is found beside the program and both parts work") {
    auto network = host::load_network({});

    INFO((network ? std::string() : to_line(network.error())));
    REQUIRE(network);
    CHECK(network->html->links("<a href=x>y</a>")->anchors.size() == 1);
    bool done = false;
    network->http->submit({.url = "ftp://index.example/"}, [&](Result<HttpResponse> seen) { done = !seen; });
    network->http->drain();
    CHECK(done);
}
