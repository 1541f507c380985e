#include "layers/native/probe.hpp"

#include "layers/native/edges.hpp"
#include "layers/native/versions.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <set>

namespace envlock {
namespace {

using namespace native;

constexpr std::size_t k_most_listed = 64;  // of a list in the facts; the last entry says how many more

std::vector<std::string> capped(const std::set<std::string>& values) {
    std::vector<std::string> out;
    for (const auto& value : values) {
        if (out.size() == k_most_listed) {
            out.push_back("and " + std::to_string(values.size() - k_most_listed) + " more");
            break;
        }
        out.push_back(to_utf8(value));
    }
    return out;
}

// Notes about one library of one distribution are one note: the first file speaks for the rest.
class NoteGroups {
public:
    void add(const std::string& rule, const std::string& component, const std::string& detail, const std::string& file) {
        auto& group = m_groups[{rule, component, detail}];
        if (group.count++ == 0) group.first = file;
    }
    void write(std::vector<Note>& out) const {
        for (const auto& [key, group] : m_groups) {
            const auto& [rule, component, detail] = key;
            const auto more = group.count > 1 ? " (and " + std::to_string(group.count - 1) + " more files)" : std::string{};
            out.push_back({rule, component, escape_controls(group.first), escape_controls(detail) + more});
        }
    }

private:
    struct Group {
        std::string first;
        std::size_t count = 0;
    };
    std::map<std::tuple<std::string, std::string, std::string>, Group> m_groups;
};

// What one distribution's objects add up to.
struct Sum {
    std::vector<std::string> lines;  // what the digest covers
    std::set<std::string> providers, not_found;
    std::int64_t objects = 0, edges = 0;
    Newest glibc{"GLIBC_"}, glibcxx{"GLIBCXX_"}, cxxabi{"CXXABI_"};
};

// The driver belongs to the machine: a playground made for GPUs may well be looked at without one.
bool may_be_missing(const std::string& needed) { return needed.starts_with("libcuda.so") || needed.starts_with("libnvidia-"); }

void add_object(const NativeObject& object, Sum& sum, VersionCheck& versions, NoteGroups& notes) {
    const auto& file = *object.file;
    ++sum.objects;
    sum.edges += static_cast<std::int64_t>(object.edges.size());
    if (object.edges.empty()) sum.lines.push_back(file.shown);
    if (object.object->truncated) notes.add("NAT004", file.owner, "ends before its contents do", file.shown);
    for (const auto& need : object.object->version_needs) {
        for (const auto& version : need.versions) sum.glibc.take(version), sum.glibcxx.take(version), sum.cxxabi.take(version);
    }
    for (const auto& edge : object.edges) {
        sum.lines.push_back(file.shown + " " + edge.needed + " " + edge.provider);
        sum.providers.insert(edge.provider + ":" + edge.needed);
        if (!edge.bad_file.empty()) notes.add("NAT005", file.owner, edge.needed + ": the search ends at a file that is no ELF object", file.shown);
        if (edge.provider == "not-found") {
            sum.not_found.insert(edge.needed);
            if (!may_be_missing(edge.needed)) notes.add("NAT001", file.owner, edge.needed, file.shown);
        }
        if (!edge.shadowed.empty()) notes.add("NAT006", file.owner, edge.needed + " from LD_LIBRARY_PATH hides " + edge.shadowed, file.shown);
        if (edge.object == nullptr) continue;
        for (const auto& version : versions.missing(*object.object, edge.needed, *edge.object)) {
            const auto newest = VersionCheck::newest_like(*edge.object, version);
            notes.add("NAT002", file.owner, version + " of " + edge.needed + (newest.empty() ? " is not there" : ", there is up to " + newest) + " (" + edge.provider + ")", file.shown);
        }
    }
}

Component made(const std::string& name, Sum& sum) {
    std::ranges::sort(sum.lines);
    std::string text;
    for (const auto& line : sum.lines) text += line + "\n";
    Component out;
    out.key = name;
    out.kind = "native";
    out.path = {{"value", sha256_tagged(text)}};
    out.facts["objects"] = sum.objects;
    out.facts["edges"] = sum.edges;
    out.facts["providers"] = capped(sum.providers);
    if (!sum.not_found.empty()) out.facts["notFound"] = capped(sum.not_found);
    for (const auto& [fact, newest] : {std::pair<const char*, const Newest&>{"maxGlibc", sum.glibc}, {"maxGlibcxx", sum.glibcxx}, {"maxCxxabi", sum.cxxabi}}) {
        if (!newest.numbers().empty()) out.facts[fact] = newest.text();
    }
    return out;
}

// The loader and the C library under everything: the version is the newest the library defines.
Component loader_component(const Loader& loader, ObjectStore& store) {
    Component out;
    out.key = "loader";
    out.kind = "native";
    if (!loader.interp.empty()) out.facts["interpreter"] = provider_class(loader.interp, {});
    out.facts["libc"] = std::string(loader.profile.musl ? "musl" : "glibc");
    elf::Process process(loader.profile, [&store](const std::string& path) { return store.at(path); });
    if (!loader.interpreter.empty()) process.start(loader.interpreter);
    for (const auto& object : process.objects()) {
        if (object.object->soname != "libc.so.6") continue;
        Newest glibc("GLIBC_");
        for (const auto& version : object.object->version_defs) glibc.take(version);
        out.version = glibc.text();
        if (glibc.numbers().size() >= 2) out.path = {{"major", std::to_string(glibc.numbers()[0])}, {"minor", std::to_string(glibc.numbers()[1])}};
        out.facts["libcProvider"] = provider_class(object.identity, "libc.so.6");
    }
    if (loader.profile.musl && out.path.empty()) out.path = {{"value", "musl"}};
    out.unknown = out.path.empty();
    return out;
}

// A file named like a library has to be one, for this machine.
void check_file(const NativeFile& file, const Loader& loader, ObjectStore& store, NoteGroups& notes) {
    const auto& candidate = store.at(file.path);
    if (candidate.state == elf::Candidate::State::not_elf) notes.add("NAT005", file.owner, store.trouble(file.path), file.shown);
    if (candidate.state != elf::Candidate::State::found) return;
    if (candidate.object->machine != loader.profile.machine || candidate.object->bits != loader.profile.bits) {
        notes.add("NAT005", file.owner, "made for " + elf::machine_name(candidate.object->machine) + ", " + std::to_string(candidate.object->bits) + " bits", file.shown);
    }
}

}  // namespace

Result<LayerSnapshot> probe_native(const ProbeContext& context) {
    LayerSnapshot out;
    out.layer = "native";
    out.presence = Presence::absent;
    if (context.project.venv.empty()) return out;
    auto playground = find_playground(context);
    if (!playground && playground.error().code == ErrorCode::file_missing) return out;
    if (!playground) return tl::make_unexpected(std::move(playground.error()));
    if (context.level == Level::metadata) {
        out.presence = Presence::unobservable;
        out.notes.push_back({"", "", "native libraries", "not looked at: no file is opened at this level"});
        return out;
    }
    out.presence = Presence::present;

    ObjectStore store(context.files);
    std::string interpreter;
    if (!playground->dangling && !playground->interpreter.empty()) {
        if (auto real = context.files.real_path(playground->interpreter.back())) interpreter = *std::move(real);
    }
    const auto& program = store.at(interpreter.empty() ? "/" : interpreter);
    if (program.state != elf::Candidate::State::found) interpreter.clear();
    const auto loader = find_loader(context, program.object, interpreter);
    out.notes.insert(out.notes.end(), loader.notes.begin(), loader.notes.end());
    if (interpreter.empty()) out.notes.push_back({"", "loader", "interpreter", "not an ELF program that can be read: this machine's own loader is assumed"});

    const auto files = list_native_files(context, *playground, out.notes);
    NoteGroups notes;
    for (const auto& file : files) check_file(file, loader, store, notes);
    std::map<std::string, Sum> sums;
    VersionCheck versions;
    for (const auto& object : resolve_edges(files, loader, store)) add_object(object, sums[object.file->owner], versions, notes);
    for (auto& [name, sum] : sums) out.components.push_back(made(name, sum));
    out.components.push_back(loader_component(loader, store));
    notes.write(out.notes);
    freeze(out);
    return out;
}

}  // namespace envlock
