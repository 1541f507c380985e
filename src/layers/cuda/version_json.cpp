#include "layers/cuda/version_json.hpp"

#include <envlock/base/text.hpp>
#include <envlock/json/value.hpp>

namespace envlock::cuda {

Result<VersionJson> parse_version_json(std::string_view text, std::string_view subject) {
    const json::Limits limits{.bytes = 1U << 20U, .depth = 8, .allow_reals = true, .allow_duplicates = true};
    const auto document = ENVLOCK_TRY(json::parse(text, limits, subject));
    const auto* members = document.object();
    if (members == nullptr) return fail(ErrorCode::json_malformed, std::string(subject), "not an object");
    VersionJson out;
    for (const auto& [name, entry] : *members) {
        const auto version = entry.text("version");
        if (version.empty()) continue;
        if (name == "cuda") out.cuda = parse_dotted(version);
        else out.parts.emplace(name, version);
    }
    return out;
}

std::optional<Dotted> parse_version_txt(std::string_view text) {
    constexpr std::string_view k_prefix = "CUDA Version";
    for (const auto line : split_lines(text)) {
        if (line.starts_with(k_prefix)) return leading_version(line.substr(k_prefix.size()));
    }
    return std::nullopt;
}

std::optional<std::int64_t> parse_define(std::string_view text, std::string_view name) {
    for (auto line : split_lines(text)) {
        line = trim(line);
        if (!line.starts_with('#')) continue;
        line = trim(line.substr(1));
        if (!line.starts_with("define")) continue;
        line = trim(line.substr(6));
        if (!line.starts_with(name)) continue;
        const auto rest = line.substr(name.size());
        if (rest.empty() || (rest.front() != ' ' && rest.front() != '\t')) continue;
        const auto value = trim(rest);
        const auto number = parse_dotted(value.substr(0, value.find_first_not_of("0123456789")));
        if (number && number->parts.size() == 1) return number->parts.front();
    }
    return std::nullopt;
}

std::optional<Dotted> from_cuda_integer(std::int64_t value) {
    if (value < 1'000 || value >= 1'000'000) return std::nullopt;  // 0 is "no driver", not a version
    return parse_dotted(std::to_string(value / 1'000) + "." + std::to_string(value % 1'000 / 10));
}

std::optional<Dotted> parse_torch_cuda(std::string_view text) {
    for (auto line : split_lines(text)) {
        if (!line.starts_with("cuda")) continue;
        const auto rest = trim(line.substr(4));
        if (rest.empty() || (rest.front() != '=' && rest.front() != ':')) continue;  // cuda_something
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const auto value = trim(line.substr(equals + 1));
        if (value.size() < 2 || (value.front() != '\'' && value.front() != '"')) return std::nullopt;
        const auto end = value.find(value.front(), 1);
        return end == std::string_view::npos ? std::nullopt : parse_dotted(value.substr(1, end - 1));
    }
    return std::nullopt;
}

}  // namespace envlock::cuda
