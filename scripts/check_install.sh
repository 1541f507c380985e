#!/usr/bin/env bash
# Installs a build to a fresh prefix and makes the .deb, then uses what arrived.
#   scripts/check_install.sh BUILD_FOLDER
set -euo pipefail
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check_tree() {  # check_tree ROOT: the program runs from where it lies, and finds its module there
  local root=$1
  [ "$("$root/bin/envlock" --version)" = "$("$build/bin/envlock" --version)" ]
  "$root/bin/envlock" schema manifest | cmp - "$root/share/envlock/schemas/manifest.schema.json"
  [ -n "$(find "$root/lib" -name 'libenvlock-net.so')" ] || { echo "the network module did not arrive"; return 1; }
  [ -e "$root/share/doc/envlock/copyright" ]
  # The program must not pay at its start for libraries that only the network needs.
  if ldd "$root/bin/envlock" | grep -E 'libcurl|libxml2|libssl'; then echo "linked with what the module is for"; return 1; fi
}

# A page that is generated must be what the program says.
"$build/bin/envlock" explain --all | cmp - "$(dirname "$0")/../docs/rules.md" ||
  { echo "docs/rules.md is not what the program says: envlock explain --all > docs/rules.md"; exit 1; }

cmake --install "$build" --prefix "$work/prefix" >"$work/log"
check_tree "$work/prefix"
echo "install: ok"

if command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null; then
  (cd "$build" && cpack -G DEB -B "$work/deb" >"$work/log" 2>&1) || { cat "$work/log"; exit 1; }
  deb=$(find "$work/deb" -maxdepth 1 -name '*.deb')
  dpkg-deb -x "$deb" "$work/unpacked"
  check_tree "$work/unpacked/usr"
  dpkg-deb -f "$deb" Package Version Depends
else
  echo "no dpkg tools: the .deb was not made"
fi
