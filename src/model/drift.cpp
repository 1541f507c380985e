#include <envlock/model/drift.hpp>

namespace envlock {

std::string_view to_string(Severity severity) {
    switch (severity) {
        case Severity::info: return "info";
        case Severity::low: return "low";
        case Severity::medium: return "medium";
        case Severity::high: return "high";
        case Severity::critical: return "critical";
    }
    return "critical";
}

std::optional<Severity> severity_from(std::string_view text) {
    for (const auto severity : {Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical}) {
        if (to_string(severity) == text) return severity;
    }
    return std::nullopt;
}

std::string_view to_string(Exit exit) {
    switch (exit) {
        case Exit::clean: return "clean";
        case Exit::drift: return "drift";
        case Exit::error: return "error";
        case Exit::inconclusive: return "inconclusive";
        case Exit::untrusted: return "untrusted";
        case Exit::unavailable: return "unavailable";
    }
    return "error";
}

}  // namespace envlock
