#include "layers/cuda/smi.hpp"

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock::cuda {
namespace {

constexpr std::size_t k_most_gpus = 1'024;

bool is_answer(std::string_view text) {  // nvidia-smi writes [N/A], [Not Supported], N/A, …
    return !text.empty() && text.front() != '[' && text != "N/A" && !text.starts_with("Requested functionality");
}

// "<key> : <version>" anywhere in the text, the first that is a version. Several of nvidia-smi's
// texts put two keys on one line, so this does not go by lines.
std::optional<Dotted> labelled(std::string_view lowered, std::string_view key) {
    for (auto at = lowered.find(key); at != std::string_view::npos; at = lowered.find(key, at + 1)) {
        auto rest = lowered.substr(at + key.size());
        const auto colon = rest.find_first_not_of(" \t");
        if (colon == std::string_view::npos || rest[colon] != ':') continue;
        if (auto version = leading_version(rest.substr(colon + 1))) return version;
    }
    return std::nullopt;
}

std::optional<Dotted> tagged(std::string_view text, std::string_view tag) {
    const auto at = text.find(tag);
    return at == std::string_view::npos ? std::nullopt : leading_version(text.substr(at + tag.size()));
}

std::optional<Dotted> first_of(std::string_view text, std::initializer_list<std::string_view> keys) {
    for (const auto key : keys) {
        if (auto version = key.front() == '<' ? tagged(text, key) : labelled(text, key)) return version;
    }
    return std::nullopt;
}

std::int64_t mebibytes(std::string_view text) {  // "81559 MiB", "81559MiB", "81559"
    text = trim(text);
    const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
    const auto unit = trim(text.substr(digits.size()));
    const auto number = parse_dotted(digits);
    return number && (unit.empty() || unit.starts_with("MiB") || unit.starts_with("MB")) ? number->parts.front() : -1;
}

// "|   0  NVIDIA H100 80GB HBM3          On  |": index, name, and the persistence column last.
std::optional<std::string> table_name(std::string_view line) {
    if (!line.starts_with("| ")) return std::nullopt;
    auto cell = line.substr(1);
    cell = trim(cell.substr(0, cell.find('|')));
    const auto digits = cell.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > 4 || !cell.substr(digits).starts_with("  ")) return std::nullopt;
    cell = trim(cell.substr(digits));
    const auto last = cell.find_last_of(' ');
    if (last == std::string_view::npos) return std::nullopt;
    return std::string(trim(cell.substr(0, last)));
}

std::vector<SmiGpu> table_gpus(const std::vector<std::string_view>& lines) {
    std::vector<SmiGpu> out;
    auto line = std::ranges::find_if(lines, [](std::string_view text) { return text.starts_with("|===") || text.starts_with("|=-="); });
    for (; line != lines.end() && out.size() < k_most_gpus; ++line) {
        // Behind the GPUs come tables of MIG devices and processes with the same look.
        if (trim(*line).empty() || line->find("MIG devices") != std::string_view::npos || line->find("Processes") != std::string_view::npos) break;
        if (auto name = table_name(*line)) {
            out.push_back({*std::move(name), {}, -1, {}});
        } else if (!out.empty()) {
            const auto slash = line->find("MiB / ");
            if (slash != std::string_view::npos && out.back().memory_mib < 0) out.back().memory_mib = mebibytes(line->substr(slash + 6));
            for (const auto* state : {"Enabled", "Disabled"}) {
                if (line->find(state) != std::string_view::npos) out.back().mig = state;
            }
        }
    }
    return out;
}

std::string_view between(std::string_view line, std::string_view open, std::string_view close) {
    const auto start = line.find(open);
    if (start == std::string_view::npos) return {};
    line.remove_prefix(start + open.size());
    return line.substr(0, line.find(close));
}

// -q, -q -x, -L and "GPU: name": one name a line; what follows belongs to it until the next.
std::vector<SmiGpu> listed_gpus(const std::vector<std::string_view>& lines) {
    std::vector<SmiGpu> out;
    std::string_view group;  // the last heading: "FB Memory Usage", "MIG Mode"
    for (const auto line : lines) {
        const auto text = trim(line);
        const auto colon = text.find(" : ");
        const auto key = trim(text.substr(0, colon));
        const auto value = colon == std::string_view::npos ? std::string_view{} : trim(text.substr(colon + 3));
        std::string_view name = between(text, "<product_name>", "</product_name>");
        if (key == "Product Name") name = value;
        if (text.starts_with("GPU: ")) name = trim(text.substr(5));
        if (text.starts_with("GPU ") && text.find(" (UUID: ") != std::string_view::npos) name = between(text, ": ", " (UUID: ");
        if (!name.empty() && out.size() < k_most_gpus) out.push_back({std::string(name), {}, -1, {}});
        if (colon == std::string_view::npos) group = text;
        if (out.empty()) continue;
        auto& gpu = out.back();
        const auto total = between(text, "<total>", "</total>");
        if (gpu.memory_mib < 0 && ((group == "FB Memory Usage" && key == "Total") || (!total.empty()))) gpu.memory_mib = mebibytes(total.empty() ? value : total);
        const auto mig = group == "MIG Mode" && key == "Current" ? value : between(text, "<current_mig>", "</current_mig>");
        if (is_answer(mig)) gpu.mig = std::string(mig);
    }
    return out;
}

}  // namespace

Smi parse_smi_text(std::string_view text) {
    const auto lowered = ascii_lower(text);
    Smi out;
    out.driver = first_of(lowered, {"kmd version", "driver version", "<kmd_version>", "<driver_version>"});
    out.cuda = first_of(lowered, {"cuda umd version", "cuda version", "<cuda_umd_version>", "<cuda_version>"});
    const auto lines = split_lines(text);
    out.gpus = table_gpus(lines);
    if (out.gpus.empty()) out.gpus = listed_gpus(lines);
    return out;
}

Smi parse_smi_csv(std::string_view text) {
    Smi out;
    std::vector<std::string> columns;
    for (const auto line : split_lines(text)) {
        const auto cells = split(line, ',');
        if (columns.empty()) {
            // A warning may precede the header (exit status 14).
            if (cells.size() < 2 && line.find("name") == std::string_view::npos && line.find("driver_version") == std::string_view::npos) continue;
            for (const auto cell : cells) columns.emplace_back(trim(trim(cell).substr(0, trim(cell).find(" ["))));
            continue;
        }
        if (cells.size() != columns.size() || out.gpus.size() >= k_most_gpus) continue;
        const auto value = [&](std::string_view column) -> std::string_view {
            const auto found = std::ranges::find(columns, column);
            const auto cell = found == columns.end() ? std::string_view{} : trim(cells[static_cast<std::size_t>(found - columns.begin())]);
            return is_answer(cell) ? cell : std::string_view{};
        };
        if (!out.driver) out.driver = leading_version(value("driver_version"));
        SmiGpu gpu{std::string(value("name")), {}, mebibytes(value("memory.total")), std::string(value("mig.mode.current"))};
        if (const auto compute = leading_version(value("compute_cap"))) gpu.compute = compute->text;
        if (!gpu.name.empty()) out.gpus.push_back(std::move(gpu));
    }
    return out;
}

}  // namespace envlock::cuda
