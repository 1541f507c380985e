#include "host/net/module.hpp"

#include "host/net/curl_transport.hpp"
#include "host/net/xml_html_reader.hpp"
#include "host/net/zlib_inflater.hpp"

extern "C" __attribute__((visibility("default"))) bool envlock_make_network(int version, const envlock::host::NetworkOptions* options, envlock::host::Network* out) {
    using namespace envlock::host;
    if (version != k_network_version) return false;
    out->http = make_curl_transport(*options);
    out->html = make_html_reader();
    out->inflater = make_inflater();
    return true;
}
