#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace envlock {

// pyvenv.cfg as CPython's site module reads it: "key = value" lines, spaces and case of the key
// do not matter, the last of equal keys wins, anything else is ignored. Never fails.
struct PyvenvCfg {
    std::map<std::string, std::string> values;  // keys lower case
    std::string_view get(std::string_view key) const;  // "" when absent
    std::string version() const;   // of the interpreter: "version_info" or "version", as "3.11.7"; may be "3.12" or ""
    std::string creator() const;   // "uv", "virtualenv" or "venv"
    bool include_system_site() const;
};

PyvenvCfg parse_pyvenv_cfg(std::string_view text);

}  // namespace envlock
