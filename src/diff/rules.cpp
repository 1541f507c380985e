#include <envlock/diff/rules.hpp>

#include <envlock/base/text.hpp>

#include <algorithm>

namespace envlock {

const std::vector<Rule>& rules() {
    using enum Severity;
    static const std::vector<Rule> table{
        {"CUDA001", "kernel module and user-mode driver have different versions", high,
         "The NVIDIA kernel module that is loaded and the driver library that programs load come from two releases. Every CUDA call fails until they agree. Usual cause: the driver package was upgraded and the machine was not restarted.",
         "restart the machine, or reload the NVIDIA kernel modules"},
        {"CUDA002", "driver is too old for what the playground was built against", high,
         "A framework in the playground was built for a CUDA version that needs a newer driver than the one installed. It may import and then fail on the first kernel launch.",
         "upgrade the driver, or install a build of {component} for the CUDA version the driver supports"},
        {"CUDA010", "several CUDA major versions in one playground", medium,
         "Wheels in the playground bring CUDA libraries of more than one major version. Which one a process gets depends on the order of imports.",
         "pin the frameworks to builds for one CUDA major version"},
        {"CUDA100", "GPU driver changed", medium,
         "The driver belongs to the host and is outside of both the Nix pin and the playground. A different driver can change which kernels run, and numerical results with them.",
         "expected after a host upgrade: run `envlock capture` to accept {after}; else use a host with {before}"},
        {"CUDA101", "CUDA toolkit changed", medium,
         "The toolkit that builds and just-in-time compilation would use is another one than recorded.",
         "select toolkit {before} again, or run `envlock capture` to accept {after}"},
        {"CUDA102", "CUDA component changed", low,
         "A library of the CUDA stack (cuDNN, NCCL, a GPU class, …) differs from the record. Such libraries choose algorithms, so speed and last digits may change.",
         "restore {component} {before}, or run `envlock capture` to accept {after}"},
        {"ENV100", "component changed", low,
         "Something in a layer that has no rule of its own differs from the record.",
         "check whether the change was meant; `envlock capture` accepts it"},
        {"NAT001", "needed library is not found", high,
         "A native module in the playground names a shared library that no search path of the loader provides. Importing the module would fail.",
         "add the library to the flake, or re-install the distribution that should bring it"},
        {"NAT002", "needs a newer GLIBC or GLIBCXX than the process would load", high,
         "A native module asks for symbol versions that the C or C++ library it would get does not have. The loader refuses such a module.",
         "use a newer base, or a wheel built for an older one (a lower manylinux tag)"},
        {"NAT004", "native object is cut off", high,
         "The file is shorter than its own headers say: an interrupted download or copy. Loading it fails or crashes.",
         "re-install the distribution that owns {component}"},
        {"NAT005", "native object is for another machine", medium,
         "The file was built for another processor or operating system than the interpreter runs on.",
         "install the wheel for this platform"},
        {"NAT006", "a library is taken from LD_LIBRARY_PATH instead of its own place", medium,
         "A folder in LD_LIBRARY_PATH holds a library of the same name and wins over the copy the module was built with. What is loaded then depends on the shell.",
         "remove the folder from LD_LIBRARY_PATH, or set it only for the program that needs it"},
        {"NAT100", "native library comes from another provider", low,
         "A shared library that the playground needs would be loaded from another place than recorded: another wheel, the Nix store, the driver or the host.",
         "check what changed below {component}; `envlock capture` accepts it"},
        {"NIX001", "base is not pinned: there is no flake.lock", medium,
         "Without a lock file the base is whatever the channel or registry gives on the day. Two machines then have two bases, and nothing records which.",
         "run `nix flake lock` and commit flake.lock"},
        {"NIX002", "flake.lock is not tracked by git", medium,
         "Nix ignores files of a flake that git does not track, and teammates never receive them. The pin exists on this machine only.",
         "run `git add flake.lock` and commit it"},
        {"NIX003", "flake.lock is ignored by git", medium,
         "A .gitignore pattern excludes the lock file, so the pin can never reach anybody else.",
         "remove the pattern from .gitignore, then commit flake.lock"},
        {"NIX004", "flake.lock cannot be read", high,
         "The lock file is not valid, so nothing can be said about the base it should pin.",
         "restore it from git, or run `nix flake lock` again"},
        {"NIX005", "input is not pinned by content", medium,
         "The lock entry has no narHash (or is a path outside the project), so the content behind it can change without any trace.",
         "replace the input by one with a narHash, then run `nix flake lock`"},
        {"NIX006", "flake.lock holds an unresolved merge", high,
         "Conflict markers are in the lock file. Nix cannot read it, and a careless resolution can mix two pins.",
         "check out one side of flake.lock and run `nix flake lock`"},
        {"NIX007", "the store path the playground was built on is gone", high,
         "The virtual environment points at an interpreter in the Nix store that garbage collection removed. It does not start any more.",
         "enter the dev shell again and re-create the playground, or keep a garbage-collector root"},
        {"NIX008", "base follows a floating channel", medium,
         "The expression takes nixpkgs from a channel or NIX_PATH, not from a fixed revision.",
         "pin nixpkgs by a flake.lock or a fixed revision with a hash"},
        {"NIX009", "search path has an empty element", high,
         "An empty element in PATH, LD_LIBRARY_PATH or PYTHONPATH means the current folder: whatever lies where the command is started is loaded.",
         "remove the empty element (a leading, trailing or double colon) where the variable is set"},
        {"NIX100", "flake input added", medium, "The lock has an input that the record does not have.",
         "check why {component} is needed; `envlock capture` accepts it"},
        {"NIX101", "flake input removed", medium, "An input of the record is no longer in the lock.",
         "check whether {component} was removed on purpose; `envlock capture` accepts it"},
        {"NIX102", "flake input moved to another revision", medium,
         "The same source at another commit. For nixpkgs this replaces the whole base: interpreter, compilers and libraries.",
         "go back with `git checkout` of flake.lock, or run `envlock capture` to accept {after}"},
        {"NIX103", "flake input points at another source", medium,
         "The repository or branch behind the input is another one. The content now comes from somebody else or from another line of development.",
         "check that {after} is meant; else restore flake.lock"},
        {"NIX104", "same revision, different content hash", critical,
         "The revision is the recorded one and yet its narHash differs. A commit does not change its content: the lock was edited by hand, the fetch differs, or somebody tampers.",
         "do not build; restore flake.lock from a trusted commit and fetch {component} again"},
        {"NIX105", "Nix item changed", low,
         "A fact of the Nix layer (the dev shell in use, its closure, the Nix version, …) differs from the record.",
         "enter the dev shell of the recorded flake.lock, or run `envlock capture` to accept {after}"},
        {"PLAT100", "platform changed", medium,
         "Operating system, processor architecture or C library differ. Binary wheels are chosen by these, so the same requirements can give other files.",
         "compare on a machine like the recorded one, or keep a manifest for each platform with --profile"},
        {"PLAT101", "environment variable changed", low,
         "A variable that can change results (threads, determinism, search paths, …) has another value than recorded.",
         "set {component} as recorded, or run `envlock capture` to accept it"},
        {"POL001", "required layer could not be observed", medium,
         "The policy requires this layer and it could not be looked at, so the check is not complete.",
         "run `envlock doctor` to see what is missing, or remove the layer from required_layers"},
        {"POL002", "ignore entry matched nothing", info,
         "The suppression has no effect. Stale entries hide the next real finding of the same name.",
         "remove it with `envlock ignore prune`"},
        {"POL003", "ignore entry has expired", low,
         "The date in the suppression has passed, so what it hid counts again.",
         "fix the cause, or renew the entry with a new date and reason"},
        {"PY001", "interpreter link of the playground is dangling", high,
         "The python of the virtual environment is a link to a file that does not exist. Nothing in the playground can run.",
         "re-create the playground in the dev shell, then `envlock restore`"},
        {"PY010", "installed file was modified", critical,
         "A file differs from the hash its installer wrote down. Somebody edited the installed package, or it was damaged.",
         "re-install the distribution: `pip install --force-reinstall --no-deps {component}`"},
        {"PY011", "installed file is missing", high,
         "A file that the installer wrote down is no longer there. The package is only partly usable.",
         "re-install the distribution: `pip install --force-reinstall --no-deps {component}`"},
        {"PY012", "RECORD names a file outside of the environment", critical,
         "A path in RECORD leads out of the playground. Such a path is never followed; a published package has no reason to have one.",
         "find out where {component} came from and remove it"},
        {"PY013", "RECORD has rows that cannot be read", medium,
         "Some rows of the installer's list of files are malformed, so these files are not checked.",
         "re-install the distribution: `pip install --force-reinstall --no-deps {component}`"},
        {"PY020", "distribution is installed twice", high,
         "Two metadata folders claim the same name. Which version is imported depends on the order of the search path.",
         "uninstall {component} until pip says it is not installed, then install it once"},
        {"PY021", "metadata of a distribution is broken", medium,
         "A dist-info folder has no readable METADATA or RECORD, so the distribution cannot be identified or checked.",
         "remove the folder and install the distribution again"},
        {"PY022", "leftover of an interrupted uninstall", low,
         "A folder whose name starts with ~ was left when an uninstall or upgrade was interrupted. pip warns about it on every run.",
         "delete the folder"},
        {"PY030", "release was yanked upstream", medium,
         "The publisher withdrew this release. It stays installable when pinned exactly, but the publisher advises against it.",
         "read the publisher's reason and move to another release"},
        {"PY031", "release is gone from the index", high,
         "The index does not offer this release any more. A new playground could not be built from the record.",
         "keep the file in an index of your own, or move to a release that exists"},
        {"PY032", "project is quarantined or archived upstream", high,
         "The index marks the whole project. Quarantine usually means suspected malware; archived means no more fixes.",
         "read the project's status page before using it further"},
        {"PY100", "distribution added", low, "The playground has a distribution that the record does not have.",
         "`pip uninstall {component}`, or run `envlock capture` to accept it"},
        {"PY101", "distribution removed", medium, "A recorded distribution is not in the playground. Code that imports it fails.",
         "`pip install {component}=={before}`, or `envlock restore`"},
        {"PY102", "major version changed", medium, "The first part of the version differs: by convention, behaviour that programs rely on may have changed.",
         "`pip install {component}=={before}`, or run `envlock capture` to accept {after}"},
        {"PY103", "minor version changed", low, "The second part of the version differs: by convention new features, with deprecations taking effect now and then.",
         "`pip install {component}=={before}`, or run `envlock capture` to accept {after}"},
        {"PY104", "patch, pre-release or local version changed", low,
         "A later part of the version differs: a bug-fix release, a pre- or post-release, or another build (as +cu121).",
         "`pip install {component}=={before}`, or run `envlock capture` to accept {after}"},
        {"PY105", "distribution comes from another kind of source", medium,
         "The recorded one came from an index, a repository, a local folder or a file, and the installed one from another of these. There is then no published file to compare with.",
         "install {component} from its recorded source, or run `envlock capture` to accept it"},
        {"PY106", "same version, different bytes", critical,
         "Name and version are the recorded ones, the installed files are not. Edited in place, damaged, replaced, or built again from source with another result.",
         "re-install it from the recorded file: `envlock restore`, or `pip install --force-reinstall --no-deps {component}=={before}`"},
        {"PY107", "startup hook added or changed", high,
         "A .pth file with code, sitecustomize or usercustomize runs at every start of the interpreter, before any program. It can change everything that follows, and it is a known way for malware to stay.",
         "read the file; remove it if you did not put it there"},
        {"PY108", "Python interpreter changed", high,
         "Another interpreter than recorded. With another minor version compiled modules do not load and wheels of other names are installed.",
         "enter the dev shell of the recorded flake.lock and re-create the playground"},
        {"PY109", "another published file of the same version", medium,
         "The version has several published files (platforms, build numbers, wheel or source), and the installed one is not the recorded one. Usual on another platform, remarkable on the same.",
         "install the recorded file with `envlock restore`"},
        {"PY110", "Python item changed", low,
         "A part of the playground that is no distribution (site settings, a module nobody owns, …) differs from the record.",
         "check whether the change was meant; `envlock capture` accepts it"},
        {"SIG001", "manifest is not signed", medium, "Nothing proves who made the record, or that it was not changed since.",
         "run `envlock sign --key KEY`, and commit envlock.lock.sig"},
        {"SIG002", "signature does not fit the manifest", critical,
         "The bytes are not the signed ones. The record was edited after signing, or the signature belongs to another file.",
         "restore both files from a trusted commit, or capture and sign again"},
        {"SIG003", "signer is not trusted", critical,
         "The signature is right and its key is not in the trust store, or is revoked or expired.",
         "check the fingerprint with its owner, then `envlock trust add`"},
    };
    return table;
}

const Rule* find_rule(std::string_view id) {
    const auto found = std::ranges::find_if(rules(), [&](const Rule& rule) { return iequals_ascii(rule.id, id); });
    return found == rules().end() ? nullptr : &*found;
}

std::string fill_in(std::string_view text, std::string_view component, std::string_view before, std::string_view after) {
    const std::pair<std::string_view, std::string_view> slots[]{{"{component}", component}, {"{before}", before}, {"{after}", after}};
    std::string out;
    while (!text.empty()) {
        const auto* slot = std::ranges::find_if(slots, [&](const auto& s) { return text.starts_with(s.first); });
        if (slot != std::end(slots)) {
            out += slot->second.empty() ? std::string_view("(absent)") : slot->second;
            text.remove_prefix(slot->first.size());
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

std::string explain_rule(const Rule& rule) {
    std::string out;
    out += std::string(rule.id) + ": " + std::string(rule.title) + "\n\n";
    out += "severity  " + std::string(to_string(rule.severity)) + " (a policy can override it)\n\n";
    out += fill_in(rule.explanation, "NAME", "BEFORE", "AFTER") + "\n\n";
    out += "what to do\n  " + fill_in(rule.fix, "NAME", "BEFORE", "AFTER") + "\n\n";
    out += "to accept it for a while\n  envlock ignore add --rule " + std::string(rule.id) + " --reason TEXT --expires YYYY-MM-DD\n";
    return out;
}

}  // namespace envlock
