#pragma once

#include <envlock/app/capture.hpp>
#include <envlock/app/verify.hpp>

namespace envlock::app {

// The environment as it is now, in the shape of a manifest that was never written.
Manifest observe_live(const ProbeContext& context, const Policy& policy);

struct DriftRequest {
    const FoundManifest* before = nullptr;  // null: live
    const FoundManifest* after = nullptr;   // null: live
    const Manifest* live = nullptr;         // needed when one side is live
    std::optional<Verification> trust;      // of the baseline, when it was checked
    std::set<std::string> skipped;          // layers the level leaves out
    std::string today;
};

// Compares, judges by the policy and adds what is known about trust. A baseline whose signature
// does not hold makes the verdict untrusted.
Report find_drift(const DriftRequest& request, const Policy& policy);


}  // namespace envlock::app
