#include "layers/native/loader_profile.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>
#include <envlock/version/store_path.hpp>

namespace envlock::native {
namespace {

std::string triple(std::uint16_t machine, int bits) {
    if (machine == 62) return bits == 64 ? "x86_64-linux-gnu" : "x86_64-linux-gnux32";
    if (machine == 3) return "i386-linux-gnu";
    if (machine == 40) return "arm-linux-gnueabihf";
    return elf::machine_name(machine) + "-linux-gnu";
}

void read_cache(const ProbeContext& context, const std::string& path, Loader& loader) {
    const auto bytes = context.files.read(path);
    if (!bytes) return;
    auto parsed = elf::LdCache::parse(*bytes, path);
    if (!parsed) {
        loader.notes.push_back({"", "loader", "ld.so.cache", parsed.error().detail});
        return;
    }
    loader.cache = std::make_unique<elf::LdCache>(*std::move(parsed));
    loader.profile.cache = loader.cache.get();
}

void use_musl(const ProbeContext& context, Loader& loader) {
    auto& profile = loader.profile;
    profile.musl = true;
    profile.lib = "lib";
    profile.default_dirs = {"/lib", "/usr/local/lib", "/usr/lib"};
    const auto text = context.files.read("/etc/ld-musl-" + elf::machine_name(profile.machine) + ".path", 1U << 16U);
    if (!text) return;
    profile.default_dirs.clear();
    for (const auto line : split_lines(*text)) {
        for (const auto dir : split(line, ':')) {
            if (dir.starts_with('/')) profile.default_dirs.emplace_back(dir);
        }
    }
}

}  // namespace

Loader find_loader(const ProbeContext& context, const elf::ElfObject* program, std::string interpreter) {
    Loader loader;
    loader.interpreter = std::move(interpreter);
    auto& profile = loader.profile;
    if (program != nullptr) {
        profile.bits = program->bits;
        profile.machine = program->machine;
        if (!program->interp.empty()) {
            const auto real = context.files.real_path(program->interp);
            loader.interp = real ? *real : program->interp;
        }
    }
    if (const auto found = context.environment.find("LD_LIBRARY_PATH"); found != context.environment.end()) {
        for (const auto part : split(found->second, ':')) {
            for (const auto dir : split(part, ';')) {
                if (!dir.empty()) profile.library_path.emplace_back(dir);
            }
        }
    }
    profile.platform = elf::machine_name(profile.machine);
    if (file_name(loader.interp).starts_with("ld-musl-")) {
        use_musl(context, loader);
    } else if (const auto store = parse_store_path(loader.interp)) {
        // Nix's glibc looks for its cache beside itself and knows no folder of the host.
        const auto root = "/nix/store/" + store->hash + "-" + store->name;
        profile.lib = "lib";
        profile.default_dirs = {root + "/lib"};
        read_cache(context, root + "/etc/ld.so.cache", loader);
    } else {
        const auto multiarch = "lib/" + triple(profile.machine, profile.bits);
        const bool debian = context.files.is_directory("/usr/" + multiarch);
        profile.lib = debian ? multiarch : profile.bits == 64 ? "lib64" : "lib";
        for (const auto& dir : {multiarch, std::string("lib64"), std::string("lib")}) {
            profile.default_dirs.push_back("/" + dir);
            profile.default_dirs.push_back("/usr/" + dir);
        }
        read_cache(context, "/etc/ld.so.cache", loader);
    }
    return loader;
}

}  // namespace envlock::native
