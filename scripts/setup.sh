#!/usr/bin/env bash
# Installs what envlock is built with, and only what is missing. Made for Debian 12; harmless to run again.
#   scripts/setup.sh              what the build and the demo need
#   scripts/setup.sh test         and what the tests need (Clang, clang-tidy, Nix)
#   scripts/setup.sh nix bench    Nix alone, the peers of the benchmark
set -euo pipefail

build_packages="g++ cmake ninja-build pkg-config ccache git openssl openssh-client ca-certificates
  nlohmann-json3-dev libssl-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libfmt-dev
  libboost1.81-dev libboost-filesystem1.81-dev libboost-system1.81-dev
  libsimdjson-dev libxml2-dev zlib1g-dev libtomlplusplus-dev
  catch2 libvalijson-dev python3 python3-venv python3-pip"
test_packages="clang clang-tidy libclang-rt-14-dev curl"
bench_packages="nginx curl"
nix_packages="nix-bin"

say() { printf 'setup: %s\n' "$*"; }

# The packages of the list that dpkg does not hold as installed.
missing() {
  local have
  have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null | awk '$1 == "ii" {print $2}' || :)
  local package
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$have" || printf '%s ' "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else say "error: not root and there is no sudo: install these yourself: $wanted"; return 1
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Acquire::Retries=2 "$@"; }

# install PACKAGE...: one line when something is done, the end of apt's own words when it fails.
install() {
  wanted=$(missing "$@")
  [ -n "$wanted" ] || return 0
  say "installing $wanted"
  local log
  log=$(mktemp)
  # Package lists may be absent or old: ask for them only when the first try fails.
  # shellcheck disable=SC2086  # a list of names
  if apt install -y --no-install-recommends $wanted >"$log" 2>&1; then rm -f "$log"; return 0; fi
  say "fetching the package lists"
  # shellcheck disable=SC2086
  if apt update >"$log" 2>&1 && apt install -y --no-install-recommends $wanted >>"$log" 2>&1; then
    rm -f "$log"; return 0
  fi
  tail -n 8 "$log" >&2
  rm -f "$log"
  say "error: could not install $wanted(no network, or no such package in this release)" >&2
  return 1
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  say "no apt on this machine: taking the dependencies as given ('nix develop' has them all)"
  exit 0
fi

# shellcheck disable=SC2086
install $build_packages
for group in "$@"; do
  case $group in
    # shellcheck disable=SC2086
    test) install $test_packages; install $nix_packages || say "going on without Nix" ;;
    # shellcheck disable=SC2086
    nix) command -v nix >/dev/null || install $nix_packages ;;
    # shellcheck disable=SC2086
    bench) install $bench_packages ;;
    *) say "error: unknown group: $group (known: test nix bench)" >&2; exit 2 ;;
  esac
done
