#include "layers/python/probe.hpp"

#include "layers/python/distribution.hpp"
#include "layers/python/integrity.hpp"
#include "layers/python/interpreter.hpp"
#include "layers/python/project_lock.hpp"
#include "layers/python/published.hpp"
#include "layers/python/startup.hpp"

#include <envlock/base/path.hpp>
#include <envlock/base/text.hpp>

#include <algorithm>
#include <iterator>
#include <span>

namespace envlock {
namespace {

std::vector<python::Distribution> read_all(const ProbeContext& context, const Playground& playground, const python::PathNames& names, std::vector<Note>& notes) {
    std::vector<python::Distribution> out;
    std::size_t checked = 0, rows = 0;
    const auto check = [&] {
        check_files(context, std::span(out).subspan(checked), notes);
        checked = out.size();
        rows = 0;
    };
    const auto found = list_installed(context, playground, notes);
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& installed = found[i];
        if (installed.kind == InstalledKind::leftover) {
            notes.push_back({"PY022", "", std::string(file_name(installed.path)), "left behind by an interrupted uninstall"});
            continue;
        }
        out.push_back(read_distribution(context, playground, installed, names, notes));
        rows += out.back().rows.size();
        if (rows < python::k_rows_at_once) continue;
        context.progress.step("checking distributions", i + 1, found.size());
        check();
    }
    check();
    note_duplicates(out, notes);
    return out;
}

}  // namespace

Result<LayerSnapshot> probe_python(const ProbeContext& context) {
    LayerSnapshot out;
    out.layer = "python";
    auto playground = find_playground(context);
    if (!playground) {
        if (playground.error().code != ErrorCode::file_missing) return tl::make_unexpected(playground.error());
        out.presence = Presence::absent;
        out.notes.push_back({"", "", "", playground.error().detail});
        return out;
    }
    const python::PathNames names(context, playground->prefix);
    out.notes = playground->notes;
    auto distributions = read_all(context, *playground, names, out.notes);
    if (context.ask_index) look_up_published(context, playground->prefix, distributions, out.notes);
    compare_with_locks(context, *playground, distributions, out.notes);
    out.components.push_back(describe_interpreter(*playground, names));
    auto hooks = find_startup_hooks(context, *playground, distributions, out.notes);
    std::ranges::move(hooks, std::back_inserter(out.components));
    for (auto& each : distributions) out.components.push_back(std::move(each.component));
    for (auto& note : out.notes) {
        note.subject = escape_controls(names.shorten(note.subject));
        note.detail = escape_controls(names.shorten(note.detail));
    }
    freeze(out);
    return out;
}

}  // namespace envlock
