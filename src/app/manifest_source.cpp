#include <envlock/app/manifest_source.hpp>

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/codec/manifest_codec.hpp>

namespace envlock::app {
namespace {

constexpr std::size_t k_most_bytes = 64U << 20U;

struct Texts {
    std::string bytes;
    std::optional<std::string> signature;
    std::string file;
};

Result<std::string> git_show(const ManifestPlace& place, const std::string& ref, const std::string& path) {
    if (ref.starts_with('-')) return fail(ErrorCode::usage, ref, "a git reference does not start with '-'");
    const Command command{.argv = {"git", "-C", place.root, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "show", ref + ":./" + path},
                          .max_output = k_most_bytes};
    auto shown = ENVLOCK_TRY(place.processes.run(command));
    if (shown.exit_code != 0) return fail(ErrorCode::file_missing, "git:" + ref + ":" + path, std::string(trim(shown.err)));
    return std::move(shown.out);
}

Result<Texts> read_git(const ManifestPlace& place, std::string_view reference) {
    const auto colon = reference.find(':');
    const std::string ref(reference.substr(0, colon));
    const std::string path = colon == std::string_view::npos ? manifest_name(place.profile) : std::string(reference.substr(colon + 1));
    Texts out{.bytes = ENVLOCK_TRY(git_show(place, ref, path)), .signature = std::nullopt, .file = path};
    if (auto signature = git_show(place, ref, path + ".sig")) out.signature = *std::move(signature);
    return out;
}

Result<Texts> read_file(const ManifestPlace& place, std::string_view reference) {
    const auto path = resolve_lexically(place.directory, reference);
    Texts out{.bytes = ENVLOCK_TRY(place.files.read(path, k_most_bytes)), .signature = std::nullopt, .file = below(place.root, path).value_or("")};
    auto signature = place.files.read(path + ".sig", 1U << 20U);
    if (signature) out.signature = *std::move(signature);
    else if (signature.error().code != ErrorCode::file_missing) return tl::make_unexpected(signature.error());
    return out;
}

}  // namespace

std::string manifest_name(std::string_view profile) {
    return profile.empty() || profile == "default" ? "envlock.lock" : "envlock." + std::string(profile) + ".lock";
}

Result<FoundManifest> load_manifest(const ManifestPlace& place, std::string_view reference) {
    FoundManifest out{.name = std::string(reference)};
    Texts texts;
    if (reference == "-") texts.bytes = ENVLOCK_TRY(place.standard_input());
    else if (reference.starts_with("git:")) texts = ENVLOCK_TRY(read_git(place, reference.substr(4)));
    else texts = ENVLOCK_TRY(read_file(place, reference));
    out.manifest = ENVLOCK_TRY(decode_manifest(texts.bytes, out.name));
    out.lines = component_lines(texts.bytes);
    out.bytes = std::move(texts.bytes);
    out.signature = std::move(texts.signature);
    out.file = std::move(texts.file);
    return out;
}

}  // namespace envlock::app
