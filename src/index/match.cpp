#include <envlock/index/match.hpp>

#include <envlock/version/wheel.hpp>

#include <algorithm>

namespace envlock::index {
namespace {

struct Candidate {
    const PublishedFile* file = nullptr;
    WheelName name;
};

void finish(Match& out, std::string evidence, std::vector<const PublishedFile*> files) {
    out.evidence = std::move(evidence);
    std::ranges::sort(files, {}, [](const PublishedFile* file) -> const std::string& { return file->filename; });
    for (const auto* file : files) {
        out.candidates.push_back(*file);
        out.yanked |= file->yanked;
        if (out.yanked_reason.empty()) out.yanked_reason = file->yanked_reason;
    }
}

// One file that several indexes offer with the same bytes is one candidate.
std::vector<Candidate> same_tags(const std::vector<Candidate>& wheels, const InstalledFacts& installed) {
    std::vector<Candidate> out;
    for (const auto& wheel : wheels) {
        if (wheel.name.tags != installed.tags) continue;
        const bool known = std::ranges::any_of(out, [&](const Candidate& seen) {
            return seen.file->filename == wheel.file->filename && !seen.file->sha256.empty() && seen.file->sha256 == wheel.file->sha256;
        });
        if (!known) out.push_back(wheel);
    }
    return out;
}

// "cp311-abi3-manylinux_2_17_x86_64" → "cp311-abi3".
std::string_view without_platform(std::string_view tag) { return tag.substr(0, tag.rfind('-')); }

bool same_python(const WheelName& wheel, const InstalledFacts& installed) {
    return std::ranges::any_of(wheel.tags, [&](const std::string& tag) {
        return std::ranges::any_of(installed.tags, [&](const std::string& own) { return without_platform(own) == without_platform(tag); });
    });
}

bool shares_tag(const WheelName& wheel, const InstalledFacts& installed) {
    return std::ranges::any_of(wheel.tags, [&](const std::string& tag) { return std::ranges::binary_search(installed.tags, tag); });
}

// Every wheel that may be the installed one, best first.
void list_wheels(Match& out, const std::vector<Candidate>& same, const std::vector<Candidate>& all, const InstalledFacts& installed) {
    constexpr std::size_t k_most_others = 8, k_most_same = 16;
    auto ordered = same;
    // The build tag orders and never excludes: WHEEL may leave it out.
    std::ranges::stable_sort(ordered, std::ranges::greater{}, [&](const Candidate& each) { return each.name.build == installed.build; });
    for (const auto& each : ordered) {
        if (out.wheels.size() < k_most_same) out.wheels.push_back(*each.file);
    }
    out.same_tags = out.wheels.size();
    if (out.same_tags > 0) return;
    for (const bool sharing : {true, false}) {
        for (const auto& each : all) {
            if (shares_tag(each.name, installed) != sharing || (!sharing && !same_python(each.name, installed))) continue;
            if (out.wheels.size() < k_most_others) out.wheels.push_back(*each.file);
        }
    }
}

// A build tag that WHEEL names narrows the choice; one that it does not name excludes nothing.
void narrow_by_build(std::vector<Candidate>& fitting, const std::string& build) {
    if (build.empty()) return;
    std::vector<Candidate> same;
    std::ranges::copy_if(fitting, std::back_inserter(same), [&](const Candidate& each) { return each.name.build == build; });
    if (!same.empty()) fitting = std::move(same);
}

}  // namespace

Match match_published(const InstalledFacts& installed, const ProjectPage& page) {
    Match out;
    std::vector<Candidate> wheels;
    std::vector<const PublishedFile*> sources;
    for (const auto& file : page.files) {
        if (auto wheel = parse_wheel_name(file.filename)) wheels.push_back({&file, *std::move(wheel)});
        else if (sdist_stem(file.filename)) sources.push_back(&file);
    }
    auto fitting = same_tags(wheels, installed);
    list_wheels(out, fitting, wheels, installed);
    for (const auto* file : sources) out.sources.push_back(*file);
    narrow_by_build(fitting, installed.build);
    if (fitting.size() == 1) {
        const auto* file = fitting.front().file;
        const bool equal = !installed.metadata_sha256.empty() && file->metadata_sha256 == installed.metadata_sha256;
        // A digest that is known and differs: these are the tags, but not the content, of that file.
        const bool differs = !installed.metadata_sha256.empty() && !file->metadata_sha256.empty() && !equal;
        if (differs && !sources.empty()) finish(out, "built-from-source", {sources.front()});
        else finish(out, equal ? "consistent" : "probable", {file});
    } else if (fitting.size() > 1) {
        std::vector<const PublishedFile*> files;
        for (const auto& each : fitting) files.push_back(each.file);
        finish(out, "ambiguous", std::move(files));
    } else if (!sources.empty()) {
        finish(out, "built-from-source", {sources.front()});
    } else {
        // Files of the version that fit in no way, or are of no known kind, are still not "no such version".
        std::vector<const PublishedFile*> all;
        for (const auto& file : page.files) all.push_back(&file);
        const auto* evidence = all.empty() ? "vanished" : "ambiguous";
        finish(out, evidence, std::move(all));
    }
    return out;
}

}  // namespace envlock::index
