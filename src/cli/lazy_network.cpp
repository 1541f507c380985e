#include "cli/lazy_network.hpp"

namespace envlock::cli {

Result<host::Network*> LazyNetwork::get() {
    if (!m_network) m_network = std::make_unique<host::Network>(ENVLOCK_TRY(host::load_network(m_options())));
    return m_network.get();
}

void LazyTransport::submit(HttpRequest request, Done done) {
    const auto network = m_network->get();
    if (!network) return done(tl::make_unexpected(network.error()));
    m_used = true;
    (*network)->http->submit(std::move(request), std::move(done));
}

void LazyTransport::drain() {
    if (!m_used) return;
    if (const auto network = m_network->get()) (*network)->http->drain();
}

Result<HtmlLinks> LazyHtml::links(std::string_view html) const {
    const auto network = ENVLOCK_TRY(m_network->get());
    return network->html->links(html);
}

Result<std::string> LazyInflater::inflate(std::string_view packed, std::size_t unpacked_size) const {
    const auto network = ENVLOCK_TRY(m_network->get());
    return network->inflater->inflate(packed, unpacked_size);
}

// Only asked for about bytes that came through the network, so the module is there.
std::uint32_t LazyInflater::crc32(std::string_view bytes) const {
    const auto network = m_network->get();
    return network ? (*network)->inflater->crc32(bytes) : 0;
}

}  // namespace envlock::cli
