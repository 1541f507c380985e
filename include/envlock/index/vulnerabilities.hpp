#pragma once

#include <envlock/base/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::index {

// One advisory that an index lists for a release. Texts are foreign and capped, a cut shows as "…".
struct Vulnerability {
    std::string id;
    std::vector<std::string> aliases;   // sorted, unique, without `id`
    std::string link;                   // http or https, else ""
    std::string summary;
    std::string details;
    std::vector<std::string> fixed_in;  // versions, as listed

    bool operator==(const Vulnerability&) const = default;
};

// Who may publish the project, as the index says.
struct Ownership {
    struct Role {
        std::string role, user;
        auto operator<=>(const Role&) const = default;
    };
    std::vector<Role> roles;   // sorted, unique
    std::string organization;  // "" = none

    bool operator==(const Ownership&) const = default;
};

// What the JSON API says about one release. nullopt: the index did not say, which is not "none".
struct ReleaseFacts {
    std::optional<std::vector<Vulnerability>> vulnerabilities;  // by id; withdrawn ones are left out
    std::optional<Ownership> ownership;
    std::vector<std::string> warnings;
};

// The answer of "/pypi/<name>/<version>/json". What it repeats from the files' metadata is not read:
// that is the first upload's form, and may differ from what the files hold.
Result<ReleaseFacts> parse_release_json(std::string_view body, std::string_view subject);

// "https://index.example/simple/" → "https://index.example/pypi/<name>/<version>/json"; nullopt unless
// the base URL is http or https and ends in "/simple/", the name is one, and the version is PEP 440.
std::optional<std::string> release_json_url(std::string_view base_url, std::string_view name, std::string_view version);

}  // namespace envlock::index
