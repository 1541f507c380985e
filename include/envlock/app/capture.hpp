#pragma once

#include <envlock/app/manifest_source.hpp>
#include <envlock/app/observe.hpp>

namespace envlock::app {

struct CaptureRequest {
    std::string profile = "default";
    std::string tool_version;
    std::string manifest_path;  // absolute: where the manifest will be written, or "" for standard output
    bool force = false;         // replace a manifest that cannot be read
};

struct Captured {
    Manifest manifest;
    std::string bytes;
    std::vector<std::string> warnings;
    bool index_unreachable = false;  // the index was asked and did not answer
};

// Looks at everything and makes the manifest. The one it replaces gives sequence and previous; an
// existing file that is no manifest is an Error unless `force`.
Result<Captured> capture(const ProbeContext& context, const Policy& policy, const CaptureRequest& request);

// "2026-01-31T12:00:00Z" and "2026-01-31".
std::string format_time(std::int64_t seconds);
std::string format_date(std::int64_t seconds);

}  // namespace envlock::app
