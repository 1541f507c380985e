#!/usr/bin/env bash
# The whole path on a real environment, in a folder of its own: a project with a Nix lock and a .venv that pip filled,
# captured and signed; then the .venv drifts, and envlock says what moved.
#   scripts/demo.sh [FOLDER]     FOLDER must be new or empty; default: a temporary folder, which is kept
# Exit 0: everything came out as promised. 75: the package index cannot be reached, so there is nothing to show.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
begin=$SECONDS

step() { printf '\n== %s\n' "$*"; }
die() { printf 'demo: error: %s\n' "$*" >&2; exit 1; }
git_quiet() { git -c user.name=demo -c user.email=demo@example.invalid -c commit.gpgsign=false -c init.defaultBranch=main -c core.hooksPath=/dev/null "$@" >/dev/null; }

# expect CODE COMMAND...: shows the command, runs it, and stops the demo when its exit code is another one.
expect() {
  local want=$1 got=0
  shift
  printf '\n$ %s\n' "$*"
  "$@" || got=$?
  [ "$got" -eq "$want" ] || die "exit code $got instead of $want: $*"
  [ "$got" -eq 0 ] || printf '(exit code %s)\n' "$got"
}

step "what is missing, and a release build"
"$repo/scripts/setup.sh"
"$repo/scripts/setup.sh" nix || true
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$repo" CCACHE_NOHASHDIR=1; fi
(cd "$repo" && mkdir -p build && cmake --preset release >build/release.configure.log && cmake --build --preset release --target envlock -- --quiet) ||
  die "the build failed (see build/release.configure.log)"
PATH=$repo/build/release/bin:$PATH
envlock --version

work=${1:-$(mktemp -d "${TMPDIR:-/tmp}/envlock-demo.XXXXXX")}
mkdir -p "$work"
[ -z "$(ls -A "$work")" ] || die "not empty: $work"
work=$(cd "$work" && pwd)
project=$work/project
mkdir -p "$project"
# Nothing of the caller's own shell may leak into what the demo shows.
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME ENVLOCK_KEY ENVLOCK_PASSPHRASE
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

step "a project whose base Nix pins"
cp "$repo/fixtures/demo/requirements.txt" "$project/"
cp -R "$repo/fixtures/demo/demo-tools" "$project/"
printf '.venv/\n*.egg-info/\nbuild/\n__pycache__/\nresult\n' >"$project/.gitignore"
cd "$project"
git_quiet init

# A git repository stands in for nixpkgs: the real one is too large for a demo. It has two commits; the lock pins the first.
stand_in=$work/nixpkgs
lock_with_nix() {
  command -v nix >/dev/null || return 1
  mkdir -p "$stand_in"
  cp "$repo/fixtures/demo/nixpkgs/flake.nix" "$stand_in/"
  git_quiet -C "$stand_in" init && git_quiet -C "$stand_in" add . && git_quiet -C "$stand_in" commit -m "first"
  sed "s|@NIXPKGS@|git+file://$stand_in|" "$repo/fixtures/demo/flake.nix.in" >flake.nix
  git_quiet add flake.nix
  local nix=(nix --extra-experimental-features "nix-command flakes")
  # Without rights on /nix the lock can still be written, with a store inside the demo folder.
  HOME=${HOME:-$work} "${nix[@]}" flake lock >"$work/nix.log" 2>&1 ||
    HOME=${HOME:-$work} "${nix[@]}" --store "$work/store" flake lock >>"$work/nix.log" 2>&1 || return 1
  git_quiet -C "$stand_in" commit --allow-empty -m "second"
  other_rev=$(git -C "$stand_in" rev-parse HEAD)
}
if lock_with_nix; then
  echo "flake.lock written by $(nix --version)"
else
  echo "Nix is not usable here: taking the lock from fixtures/demo"
  sed 's|@NIXPKGS@|github:NixOS/nixpkgs/nixos-25.05|' "$repo/fixtures/demo/flake.nix.in" >flake.nix
  cp "$repo/fixtures/demo/flake.lock" flake.lock
  other_rev=0f1e2d3c4b5a69788796a5b4c3d2e1f001122334
fi
git_quiet add -A
git_quiet commit -m "A pinned base"

step "a playground: .venv, filled by pip from the configured index"
python=
for candidate in python3 /usr/bin/python3; do
  if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || die "no python3 that can make a venv (Debian: python3-venv)"
"$python" -m venv .venv
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
if ! pip download --no-deps --dest "$work/wheels" six==1.16.0; then
  echo "demo: the package index cannot be reached, or lacks six 1.16.0: nothing to show"
  exit 75
fi
# No byte code is made now: it takes longer than all else here, and envlock has nothing to say about it yet.
pip install --no-compile -r requirements.txt "$work"/wheels/six-1.16.0-*.whl   # six from a local wheel
pip install --no-binary docopt docopt==0.6.2                                   # one built from its source archive
pip install -e ./demo-tools                                                    # one editable
echo "$(.venv/bin/python --version), $(find .venv/lib -maxdepth 3 -name '*.dist-info' | wc -l) distributions, $(du -sh .venv | cut -f1)"

step "capture and sign"
expect 0 envlock init
expect 0 envlock key new --out "$work/signing.key" --name demo@example.invalid
expect 0 envlock capture --sign "$work/signing.key"
git_quiet add -A
git_quiet commit -m "Record the environment"
expect 0 envlock verify
expect 0 envlock diff

step "and now it drifts"
pip install rich==13.9.4
echo "upgraded rich 13.7.0 -> 13.9.4"
pip uninstall --yes docopt
echo "removed  docopt"
pip install tqdm==4.66.4
echo "added    tqdm 4.66.4"
edited=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/requests/api.py
printf '\n# a quick fix, by hand\n' >>"$edited"
echo "edited   requests/api.py by hand"
"$python" - "$other_rev" <<'PY'
import json, sys
with open("flake.lock") as file: lock = json.load(file)
lock["nodes"]["nixpkgs"]["locked"]["rev"] = sys.argv[1]
with open("flake.lock", "w") as file: json.dump(lock, file, indent=2); file.write("\n")
PY
echo "edited   flake.lock: another rev of nixpkgs"

expect 1 envlock diff -o html=envlock-report.html -o json=envlock-report.json -o text=-

# The codes alone could be right for the wrong reason: each change must be among the findings.
"$python" - <<'PY' || die "the report lacks a change that was made"
import json, sys
findings = json.load(open("envlock-report.json"))["findings"]
seen = {finding["component"] for finding in findings}
lacking = [name for name in ("rich", "docopt", "tqdm", "requests", "nixpkgs") if not any(name in c.split("/") for c in seen)]
for name in lacking: print("no finding about", name, file=sys.stderr)
sys.exit(bool(lacking))
PY
[ -s envlock-report.html ] || die "no HTML report was written"

cat <<TEXT

== done in $((SECONDS - begin)) s; everything is kept in
   $project
   envlock.lock          the manifest      envlock.lock.sig     its signature
   envlock-report.html   open it in a browser

try next, in that folder, with PATH=$repo/build/release/bin:\$PATH
   envlock explain requests --from envlock-report.json
   envlock verify --print-commands            the same check with ssh-keygen or openssl
   envlock diff --fail-on critical            another gate
   envlock doctor                             what can be observed on this machine
   envlock capture --sign ../signing.key      accept the environment as it is now
TEXT
