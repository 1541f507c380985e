#include "layers/nix/rules.hpp"
#include "layers/nix/store_path.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/redact.hpp>

namespace envlock::nix {
namespace {

constexpr std::size_t k_short_rev = 12;

std::string place_free(const ProbeContext& context, std::string_view text) {
    std::map<std::string, std::string> folders{{context.project.root, "$PROJECT"}};
    if (const auto home = context.environment.find("HOME"); home != context.environment.end()) folders.emplace(home->second, "$HOME");
    return replace_folders(redact_url(text), folders);
}

// What the input is a version of: "github:NixOS/nixpkgs", "git:https://…", "path:./dep".
std::string repository(const ProbeContext& context, const FlakeInput& input) {
    auto out = input.type + ":";
    if (!input.owner.empty() || !input.repo.empty()) {
        if (!input.host.empty()) out += input.host + "/";
        out += input.owner + "/" + input.repo;
    } else if (!input.url.empty()) {
        out += place_free(context, input.url);
    } else if (!input.path_attribute.empty()) {
        out += place_free(context, input.path_attribute);
    } else {
        out += std::string(input.locked.text("id"));
    }
    return input.dir.empty() ? out : out + "?dir=" + input.dir;
}

void add_text(Component& component, std::string_view name, std::string value) {
    if (!value.empty()) component.facts[std::string(name)] = std::move(value);
}

void add_store_facts(Component& component, const ProbeContext& context, const FlakeInput& input) {
    const auto raw = parse_nar_hash(input.nar_hash);
    if (!raw) return;
    const auto path = source_store_path(*raw, input.name.empty() ? "source" : input.name);
    if (!path) return;
    component.facts["storePath"] = *path;
    const auto there = context.files.info(*path);
    if (there) component.facts["storePresent"] = true;
    // "No access" is not "not there": then nothing is said.
    else if (there.error().code == ErrorCode::file_missing) component.facts["storePresent"] = false;
}

}  // namespace

Component input_component(const ProbeContext& context, const FlakeInput& input) {
    Component out{.key = input.path, .kind = "input"};
    if (!input.broken.empty()) {
        out.unknown = true;
        return out;
    }
    if (input.follows) {
        const auto target = input.follows->empty() ? std::string("the root flake") : *input.follows;
        out.version = "follows " + target;
        // Its revision is that of the input it follows, which is counted there, once.
        out.path = {{"repo", "follows:" + *input.follows}, {"ref", ""}, {"rev", ""}};
        out.facts["follows"] = *input.follows;
        return out;
    }
    const auto ref = input.ref.empty() ? input.original_ref : input.ref;
    const auto rev = input.rev.empty() ? std::string(input.locked.text("dirtyRev")) : input.rev;
    out.version = !rev.empty() ? rev.substr(0, k_short_rev) : !ref.empty() ? ref : input.nar_hash;
    // Without a revision the content itself is what moves.
    out.path = {{"repo", repository(context, input)}, {"ref", ref}, {"rev", rev.empty() ? input.nar_hash : rev}};
    if (!input.nar_digest.empty()) out.digests["narHash"] = input.nar_digest;
    add_text(out, "type", input.type);
    add_text(out, "owner", input.owner);
    add_text(out, "repo", input.repo);
    add_text(out, "url", place_free(context, input.url));
    add_text(out, "ref", ref);
    add_text(out, "rev", rev);
    add_text(out, "narHash", input.nar_hash);
    add_text(out, "pin", std::string(to_string(input.pin)));
    if (input.last_modified >= 0) out.facts["lastModified"] = input.last_modified;
    if (!input.flake) out.facts["flake"] = false;
    add_store_facts(out, context, input);
    return out;
}

}  // namespace envlock::nix
