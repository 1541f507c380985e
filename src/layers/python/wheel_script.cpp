#include "layers/python/wheel_script.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/text.hpp>

namespace envlock::python {

namespace {

constexpr std::string_view k_trampoline = "#!/bin/sh\n'''exec' ", k_trampoline_end = "\n' '''\n";

std::string_view unquoted(std::string_view text) {
    if (text.size() > 1 && text.front() == '"' && text.ends_with('"')) return text.substr(1, text.size() - 2);
    return text;
}

}  // namespace

std::optional<std::string> with_wheel_shebang(const std::string& text, std::string_view wheel_line) {
    if (!text.starts_with("#!")) return std::nullopt;
    auto end = text.find('\n');
    if (end == std::string::npos) return std::nullopt;
    if (text.starts_with(k_trampoline)) {
        end = text.find(k_trampoline_end, end);
        if (end == std::string::npos) return std::nullopt;
        end += k_trampoline_end.size() - 1;
    } else if (text.substr(0, end).find("py") == std::string::npos) {
        return std::nullopt;
    }
    const bool carriage = text[end - 1] == '\r';
    return std::string(wheel_line) + (carriage ? "\r" : "") + text.substr(end);
}

std::string_view interpreter_of(std::string_view script) {
    if (!script.starts_with("#!")) return {};
    if (script.starts_with(k_trampoline)) {
        const auto rest = script.substr(k_trampoline.size(), script.find('\n', k_trampoline.size()) - k_trampoline.size());
        const auto arguments = rest.find(" \"$0\"");
        return arguments == std::string_view::npos ? std::string_view() : unquoted(rest.substr(0, arguments));
    }
    return unquoted(trim(script.substr(2, script.find('\n') - 2)));
}

std::string digest_of(const std::string& algorithm, const std::string& text) {
    auto hasher = Hasher::create(algorithm);
    if (!hasher) return {};
    hasher->update(text);
    return hasher->finish();
}

}  // namespace envlock::python
