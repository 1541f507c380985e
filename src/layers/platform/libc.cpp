#include "layers/platform/facts.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/store_path.hpp>

#include <algorithm>
#include <cctype>

namespace envlock::platform {
namespace {

constexpr std::size_t k_piece = 256U << 10U;
constexpr std::size_t k_most_bytes = 16U << 20U;  // of a libc that is searched for its version
constexpr std::string_view k_marker = "GNU C Library";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The digits and dots that `text` starts with.
std::string leading_version(std::string_view text) {
    const auto end = std::ranges::find_if_not(text, [](char c) { return is_digit(c) || c == '.'; });
    std::string out(text.begin(), end);
    while (out.ends_with('.')) out.pop_back();
    return out;
}

// "libc-2.31.so" names its version; newer ones are plain libc.so.6 and tell it inside.
std::string version_of_name(std::string_view name) {
    if (!name.starts_with("libc-") || !name.ends_with(".so")) return {};
    return leading_version(name.substr(5));
}

std::string version_inside(const FileTree& files, const std::string& path) {
    const auto file = files.open(path);
    if (!file) return {};
    const auto size = std::min<std::uint64_t>((*file)->size(), k_most_bytes);
    constexpr std::size_t overlap = 256;  // a sentence that lies across two pieces
    std::string kept;
    for (std::uint64_t at = 0; at < size;) {
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(k_piece, size - at));
        const auto piece = (*file)->read_at(at, length);
        if (!piece) return {};
        kept += *piece;
        if (auto version = glibc_version_in(kept); !version.empty()) return version;
        kept.erase(0, kept.size() - std::min(kept.size(), overlap));
        at += length;
    }
    return {};
}

std::vector<std::string> library_folders(const FileTree& files) {
    std::vector<std::string> out{"/lib64", "/usr/lib64", "/lib", "/usr/lib"};
    for (const auto* parent : {"/lib", "/usr/lib"}) {
        const auto entries = files.list(parent);
        if (!entries) continue;
        for (const auto& entry : *entries) {
            if (entry.name.ends_with("-linux-gnu") || entry.name.ends_with("-linux-gnueabihf")) out.push_back(join(parent, entry.name));
        }
    }
    return out;
}

std::optional<Libc> find_glibc(const FileTree& files) {
    for (const auto& folder : library_folders(files)) {
        const auto path = join(folder, "libc.so.6");
        const auto real = files.real_path(path);
        if (!real || !files.is_regular(*real)) continue;
        auto version = version_of_name(file_name(*real));
        if (version.empty()) version = version_inside(files, *real);
        return Libc{"glibc", version, path};
    }
    return std::nullopt;
}

// musl does not say its version in a name; Alpine's package list does.
std::string musl_version(const FileTree& files) {
    const auto text = files.read("/lib/apk/db/installed", k_most_bytes);
    if (!text) return {};
    bool musl = false;
    for (const auto line : split_lines(*text)) {
        if (line.empty()) musl = false;
        if (line == "P:musl") musl = true;
        if (musl && line.starts_with("V:")) return leading_version(line.substr(2));
    }
    return {};
}

std::optional<Libc> find_musl(const FileTree& files) {
    const auto entries = files.list("/lib");
    if (!entries) return std::nullopt;
    for (const auto& entry : *entries) {
        if (entry.name.starts_with("ld-musl-")) return Libc{"musl", musl_version(files), join("/lib", entry.name)};
    }
    return std::nullopt;
}

// NixOS has no libc where others have it: the shell's loader names the store path of one.
std::optional<Libc> find_store_glibc(const FileTree& files) {
    constexpr std::size_t head = 4096;
    const auto file = files.open("/bin/sh");
    if (!file) return std::nullopt;
    const auto bytes = (*file)->read_at(0, static_cast<std::size_t>(std::min<std::uint64_t>((*file)->size(), head)));
    if (!bytes) return std::nullopt;
    const auto at = bytes->find("/nix/store/");
    if (at == std::string::npos) return std::nullopt;
    const auto path = bytes->substr(at, std::min(bytes->find('\0', at), bytes->size()) - at);
    const auto store = parse_store_path(path);
    if (!store || !store->name.starts_with("glibc-")) return std::nullopt;
    return Libc{"glibc", leading_version(store->name.substr(6)), path};
}

}  // namespace

std::string glibc_version_in(std::string_view bytes) {
    for (auto at = bytes.find(k_marker); at != std::string_view::npos; at = bytes.find(k_marker, at + 1)) {
        const auto sentence = bytes.substr(at, bytes.find_first_of(std::string_view("\n\0", 2), at) - at);
        constexpr std::string_view before = "release version ";
        const auto found = sentence.find(before);
        if (found == std::string_view::npos) continue;
        const auto number = at + found + before.size();
        // A piece that ends within the number would cut it.
        if (bytes.find_first_not_of("0123456789.", number) == std::string_view::npos) continue;
        if (auto version = leading_version(bytes.substr(number)); !version.empty()) return version;
    }
    return {};
}

std::optional<Libc> find_libc(const FileTree& files) {
    if (auto glibc = find_glibc(files)) return glibc;
    if (auto musl = find_musl(files)) return musl;
    return find_store_glibc(files);
}

Component libc_component(const ProbeContext& context) {
    Component out{.key = "libc", .kind = "platform"};
    const auto libc = find_libc(context.files);
    if (!libc || libc->version.empty()) {
        out.unknown = true;
        if (libc) out.facts["family"] = libc->family;
        return out;
    }
    out.version = libc->family + " " + libc->version;
    const auto parts = split(libc->version, '.');
    // The family is part of the first level: musl 1 and glibc 1 have nothing in common.
    const auto major = libc->family == "glibc" ? std::string(parts[0]) : libc->family + "-" + std::string(parts[0]);
    out.path = {{"major", major}, {"minor", parts.size() > 1 ? std::string(parts[1]) : "0"}};
    if (parts.size() > 2) out.path.push_back({"patch", std::string(parts[2])});
    out.facts["family"] = libc->family;
    return out;
}

}  // namespace envlock::platform
