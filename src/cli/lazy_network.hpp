#pragma once

#include <envlock/host/network.hpp>

#include <functional>
#include <memory>

namespace envlock::cli {

// HTTP, HTML and ZIP that load the network module when they are first used: a run that sends nothing
// pays nothing for libcurl, libxml2 and zlib.
class LazyNetwork {
public:
    explicit LazyNetwork(std::function<host::NetworkOptions()> options) : m_options(std::move(options)) {}
    Result<host::Network*> get();

private:
    std::function<host::NetworkOptions()> m_options;
    std::unique_ptr<host::Network> m_network;
};

class LazyTransport final : public HttpTransport {
public:
    explicit LazyTransport(std::shared_ptr<LazyNetwork> network) : m_network(std::move(network)) {}
    void submit(HttpRequest request, Done done) override;
    void drain() override;

private:
    std::shared_ptr<LazyNetwork> m_network;
    bool m_used = false;
};

class LazyInflater final : public Inflater {
public:
    explicit LazyInflater(std::shared_ptr<LazyNetwork> network) : m_network(std::move(network)) {}
    Result<std::string> inflate(std::string_view packed, std::size_t unpacked_size) const override;
    std::uint32_t crc32(std::string_view bytes) const override;

private:
    std::shared_ptr<LazyNetwork> m_network;
};

class LazyHtml final : public HtmlReader {
public:
    explicit LazyHtml(std::shared_ptr<LazyNetwork> network) : m_network(std::move(network)) {}
    Result<HtmlLinks> links(std::string_view html) const override;

private:
    std::shared_ptr<LazyNetwork> m_network;
};

}  // namespace envlock::cli
