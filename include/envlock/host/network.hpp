#pragma once

#include <envlock/ports/html_reader.hpp>
#include <envlock/ports/http_transport.hpp>
#include <envlock/ports/inflater.hpp>

#include <chrono>
#include <map>
#include <memory>

namespace envlock::host {

struct NetworkOptions {
    std::string user_agent = "envlock";
    std::string ca_file;      // "" = the system's bundle
    std::string client_cert;  // PEM with certificate and, unless client_key names it, the key
    std::string client_key;
    std::string proxy;        // "" = as the environment says
    std::string no_proxy;     // hosts that `proxy` does not count for; the environment's own list is for its own proxy
    std::string netrc_file;   // "" = none
    std::vector<std::string> trusted_hosts;  // host or host:port whose certificate is not checked
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds total_timeout{120'000};
    std::chrono::milliseconds backoff{400};  // before the first retry; doubled each time
    int retries = 3;
    int in_flight = 24;         // whole bodies at once; each lies in memory
    int ranges_in_flight = 64;  // small pieces of files at once
    std::map<std::string, std::string> credentials;  // "https://host[:port]" -> "user:password"
};

struct Network {
    std::unique_ptr<HttpTransport> http;
    std::unique_ptr<HtmlReader> html;
    std::unique_ptr<Inflater> inflater;
};

// Loads the network module (libcurl, libxml2, zlib) and makes all three. The program itself is not linked
// with these: what sends nothing starts without them.
Result<Network> load_network(const NetworkOptions& options);

}  // namespace envlock::host
