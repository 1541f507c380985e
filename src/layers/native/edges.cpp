#include "layers/native/edges.hpp"

#include <envlock/base/path.hpp>
#include <envlock/version/store_path.hpp>

namespace envlock::native {
namespace {

using elf::Candidate;
using elf::Found;

struct Answer {
    Found found = Found::nowhere;
    std::string identity, bad_file;
    const elf::ElfObject* object = nullptr;
    bool own = false;  // seen when the file itself was opened, not under a parent
};
// (real path of the file, needed name) → what was found.
using Answers = std::unordered_map<std::string, Answer>;

std::string key_of(const std::string& identity, const std::string& needed) { return identity + '\n' + needed; }

bool is_found(Found found) { return found != Found::nowhere && found != Found::bad_file; }

Answers simulate(const std::vector<NativeObject>& objects, const Loader& loader, elf::LoaderProfile profile, ObjectStore& store,
                 const std::unordered_map<std::string, std::size_t>& known) {
    elf::Process process(std::move(profile), [&store](const std::string& path) { return store.at(path); });
    if (!loader.interpreter.empty()) process.start(loader.interpreter);
    Answers answers;
    for (const auto& root : objects) {
        const auto& root_identity = store.at(root.file->path).identity;
        for (const auto& edge : process.open(root.file->path)) {
            const auto& from = process.objects()[edge.from];
            if (!known.contains(from.identity)) continue;  // the host's own libraries are the host's business
            const bool own = from.identity == root_identity;
            auto& answer = answers[key_of(from.identity, edge.needed)];
            if (is_found(answer.found) && (answer.own || !own)) continue;
            if (!is_found(edge.found)) {
                if (!is_found(answer.found)) answer.found = edge.found, answer.bad_file = edge.path;
                continue;
            }
            const auto& to = process.objects()[edge.to];
            answer = {edge.found, to.identity, {}, to.object, own};
        }
    }
    return answers;
}

bool is_driver_name(std::string_view soname) {
    for (const auto* prefix : {"libcuda.so", "libnvidia-", "libcudadebugger.so", "libnvcuvid.so", "libnvoptix.so"}) {
        if (soname.starts_with(prefix)) return true;
    }
    return false;
}

class Classifier {
public:
    Classifier(const std::vector<NativeObject>& objects, ObjectStore& store) {
        for (const auto& object : objects) {
            m_owners.emplace(store.at(object.file->path).identity, object.file);
            if (!object.object->soname.empty()) m_sonames.emplace(object.object->soname, object.file);
            m_sonames.emplace(std::string(file_name(object.file->path)), object.file);
        }
    }

    std::string provider(const NativeFile& file, const std::string& needed, const Answer& answer) const {
        if (!is_found(answer.found)) {
            const auto offered = m_sonames.find(needed);
            return offered == m_sonames.end() ? "not-found" : "preloaded:" + offered->second->owner;
        }
        const auto owner = m_owners.find(answer.identity);
        if (owner == m_owners.end()) return provider_class(answer.identity, needed);
        return owner->second->owner == file.owner ? "same-wheel" : "other-wheel:" + owner->second->owner;
    }
    const NativeFile* in_playground(const std::string& identity) const {
        const auto owner = m_owners.find(identity);
        return owner == m_owners.end() ? nullptr : owner->second;
    }

private:
    std::unordered_map<std::string, const NativeFile*> m_owners, m_sonames;
};

}  // namespace

std::string provider_class(const std::string& identity, const std::string& soname) {
    if (is_driver_name(soname) && identity.find("/stubs/") == std::string::npos) return "driver";
    if (const auto store = parse_store_path(identity)) return "nix-store:" + store->name;
    if (identity.starts_with("/usr/local/cuda") || identity.starts_with("/opt/cuda/")) return "toolkit";
    return "host";
}

std::vector<NativeObject> resolve_edges(const std::vector<NativeFile>& files, const Loader& loader, ObjectStore& store) {
    std::vector<NativeObject> out;
    std::unordered_map<std::string, std::size_t> known;
    for (const auto& file : files) {
        const auto& candidate = store.at(file.path);
        if (candidate.state != Candidate::State::found || candidate.object->machine != loader.profile.machine || candidate.object->bits != loader.profile.bits) continue;
        known.emplace(candidate.identity, out.size());
        out.push_back({&file, candidate.object, {}});
    }
    const auto now = simulate(out, loader, loader.profile, store, known);
    Answers without;  // LD_LIBRARY_PATH
    if (!loader.profile.library_path.empty()) {
        auto profile = loader.profile;
        profile.library_path.clear();
        without = simulate(out, loader, std::move(profile), store, known);
    }
    const Classifier classifier(out, store);
    for (auto& object : out) {
        const auto& identity = store.at(object.file->path).identity;
        for (const auto& needed : object.object->needed) {
            const auto key = key_of(identity, needed);
            const auto answer = now.find(key);
            const Answer& found = answer == now.end() ? Answer{} : answer->second;
            NativeEdge edge{needed, classifier.provider(*object.file, needed, found), found.identity, found.object, {}, found.bad_file};
            if (const auto other = without.find(key); other != without.end() && other->second.identity != found.identity) {
                if (const auto* hidden = classifier.in_playground(other->second.identity)) edge.shadowed = hidden->shown;
            }
            object.edges.push_back(std::move(edge));
        }
    }
    return out;
}

}  // namespace envlock::native
