#include <envlock/app/setup.hpp>

#include <envlock/app/project.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/codec/policy_codec.hpp>

#include <algorithm>

namespace envlock::app {
namespace {

constexpr std::string_view k_attributes = "envlock*.lock -text linguist-generated\nenvlock*.lock.sig -text linguist-generated\n";
constexpr std::string_view k_trust_store =
    "# Who may sign envlock.lock, in OpenSSH's allowed_signers syntax. `envlock key new` adds a line:\n"
    "# name namespaces=\"envlock-manifest\" ssh-ed25519 AAAA…\n";

}  // namespace

InitPlan plan_init(const FileTree& files, const Project& project, bool force) {
    InitPlan plan;
    const auto has = [&](std::string_view name) { return files.info(join(project.root, name)).has_value(); };
    if (!has("envlock.toml") || force) {
        const auto name = std::string(file_name(project.root));
        plan.write.push_back({"envlock.toml", policy_template(direct_requirements(files, project.root), name, ""), "policy: weights, gates, ignores"});
    } else {
        plan.kept.emplace_back("envlock.toml");
    }
    const auto attributes = files.read(join(project.root, ".gitattributes"), 1U << 20U).value_or("");
    if (attributes.find(k_attributes) == std::string::npos) {
        const auto glue = attributes.empty() || attributes.ends_with('\n') ? "" : "\n";
        plan.write.push_back({".gitattributes", attributes + glue + std::string(k_attributes), "keeps git from changing the signed bytes"});
    } else {
        plan.kept.emplace_back(".gitattributes");
    }
    if (!has(".envlock/allowed_signers")) {
        plan.write.push_back({".envlock/allowed_signers", std::string(k_trust_store), "trust store: whose signatures count"});
    } else {
        plan.kept.emplace_back(".envlock/allowed_signers");
    }
    return plan;
}

Result<Policy> load_policy(const FileTree& files, const Project& project, const std::string& file) {
    const auto path = file.empty() ? join(project.root, "envlock.toml") : file;
    const auto text = files.read(path, 1U << 20U);
    if (text) return parse_policy(*text, path);
    if (file.empty() && text.error().code == ErrorCode::file_missing) return default_policy();
    return tl::make_unexpected(text.error());
}

}  // namespace envlock::app
