#!/usr/bin/env bash
# Evaluates our flake against a stand-in for nixpkgs: its outputs are there, for each system, and are derivations.
# Nothing is fetched and nothing is built.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=${HOME:-$work}

# A copy without git: the checkout may be a worktree or hold new files, which Nix would not see.
mkdir "$work/flake"
cp flake.nix "$work/flake/"
cp -R tests/flake/nixpkgs "$work/nixpkgs"
for name in README.md LICENSE; do [ ! -e "$name" ] || cp "$name" "$work/flake/"; done

nix=(nix --extra-experimental-features "nix-command flakes" --offline)
if ! "${nix[@]}" eval --expr '1 + 1' >"$work/log" 2>&1; then
  # Not root, and no store of its own: a local one will do.
  nix+=(--store "$work/store")
  "${nix[@]}" eval --expr '1 + 1' >"$work/log" 2>&1 || { echo "Nix does not run here: the flake was not evaluated"; tail -n 3 "$work/log"; exit 75; }
fi
stub=(--override-input nixpkgs "path:$work/nixpkgs" --no-write-lock-file)
flake=path:$work/flake

"${nix[@]}" flake show "${stub[@]}" "$flake" >"$work/show" 2>"$work/err" || { cat "$work/err"; exit 1; }

failed=0
# is OUTPUT EXPECTED: the value of one output, as text.
is() {
  local got
  got=$("${nix[@]}" eval --raw "${stub[@]}" "$flake#$1" 2>"$work/err") || { cat "$work/err"; got="(error)"; }
  [ "$got" = "$2" ] || { echo "$1: $got instead of $2"; failed=1; }
}
version=$(sed -n 's/^project(envlock VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
for system in x86_64-linux aarch64-linux x86_64-darwin aarch64-darwin; do
  is "packages.$system.default.name" "envlock-$version"
  is "packages.$system.default.meta.mainProgram" envlock
  is "apps.$system.default.type" app
  is "checks.$system.package.name" "envlock-$version"
  is "checks.$system.starts.name" envlock-starts
  is "devShells.$system.default.name" shell
done
applied=$("${nix[@]}" eval --raw "${stub[@]}" "$flake#overlays.default" --apply \
  'overlay: (overlay { callPackage = f: more: "asked"; } { }).envlock' 2>"$work/err") || { cat "$work/err"; applied=; }
[ "$applied" = asked ] || { echo "overlays.default does not offer envlock"; failed=1; }
[ $failed -eq 0 ] && echo "flake: every output evaluates for four systems"
exit $failed
