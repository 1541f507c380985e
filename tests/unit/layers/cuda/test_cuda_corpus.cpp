#include "layers/cuda/proc_version.hpp"
#include "layers/cuda/smi.hpp"
#include "layers/cuda/version_json.hpp"

#include <envlock/base/text.hpp>

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

using namespace envlock;
using namespace envlock::cuda;

namespace {

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Answer {
    std::string driver = "unknown", cuda = "unknown", toolkit = "unknown", gpu = "unknown";
};

// The INDEX writes "NAME x4", counting GPUs the quoted text no longer shows, and may have a name in
// full that the table cuts: names are compared, counts are not.
bool same_gpu(std::string_view found, std::string_view wanted) {
    const auto times = wanted.rfind(" x");
    if (times != std::string_view::npos && wanted.find_first_not_of("0123456789", times + 2) == std::string_view::npos) wanted = wanted.substr(0, times);
    if (found == wanted) return true;
    return found.ends_with("...") && wanted.starts_with(trim(found.substr(0, found.size() - 3)));
}

std::optional<Answer> answer(const std::string& name, std::string_view kind, const std::string& text) {
    Answer out;
    const auto set = [](std::string& where, const std::optional<Dotted>& version) { if (version) where = version->text; };
    if (kind.starts_with("nvidia-smi")) {
        const auto smi = name.ends_with(".csv") ? parse_smi_csv(text) : parse_smi_text(text);
        set(out.driver, smi.driver);
        set(out.cuda, smi.cuda);
        if (!smi.gpus.empty()) out.gpu = smi.gpus.front().name;
    } else if (kind.starts_with("/proc")) {
        if (const auto proc = parse_proc_version(text)) out.driver = proc->version.text;
    } else if (kind.starts_with("version.json")) {
        // A fragment of an object, cut behind a comma by whoever quoted it.
        const auto whole = "{" + std::string(text.substr(0, text.find_last_of('}') + 1)) + "}";
        if (const auto parsed = parse_version_json(whole, name)) set(out.toolkit, parsed->cuda);
    } else {
        return std::nullopt;  // nvcc is never started and bug reports are never read: no parser of ours
    }
    return out;
}

}  // namespace

TEST_CASE("real driver and toolkit texts give the answers a person wrote down") {
    const char* corpus = std::getenv("ENVLOCK_CORPUS");
    if (corpus == nullptr || !std::filesystem::exists(std::filesystem::path(corpus) / "cuda/INDEX.tsv")) {
        WARN("ENVLOCK_CORPUS is not set: real texts are not compared");
        return;
    }
    const auto folder = std::filesystem::path(corpus) / "cuda";
    const auto index = read_text(folder / "INDEX.tsv");
    // The answer of this one is in its file name only; no column has the driver.
    const std::set<std::string> not_in_text{"csv-monitoring-520.56.06.csv"};
    // Quoted up to the head of the table: the row with the name is not in the file.
    const std::set<std::string> no_row{"smi-freebsd-510.60.02-shim.txt"};
    std::size_t compared = 0;
    const auto lines = split_lines(index);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto cells = split(lines[i], '\t');
        REQUIRE(cells.size() >= 9);
        const std::string name(cells[0]);
        const auto found = answer(name, cells[1], read_text(folder / name));
        if (!found) continue;
        INFO(name);
        if (!not_in_text.contains(name)) CHECK(found->driver == cells[5]);
        CHECK(found->cuda == cells[6]);
        CHECK(found->toolkit == cells[7]);
        if (!no_row.contains(name)) CHECK(same_gpu(found->gpu, cells[8]));
        ++compared;
    }
    CHECK(compared > 50);
}
