#include <envlock/ports/http_transport.hpp>

#include <algorithm>

#include <envlock/base/redact.hpp>

namespace envlock {

const std::string* HttpResponse::header(std::string_view lower_case_name) const {
    const auto found = std::ranges::find(headers, lower_case_name, &std::pair<std::string, std::string>::first);
    return found == headers.end() ? nullptr : &found->second;
}

void OfflineTransport::submit(HttpRequest request, Done done) {
    done(fail(ErrorCode::network_offline, redact_url(request.url)));
}

}  // namespace envlock
