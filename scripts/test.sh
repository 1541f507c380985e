#!/usr/bin/env bash
# Every test of the project, in stages. Without arguments: all of them.
#   scripts/test.sh [text] [unit] [asan] [tsan] [fuzz] [tidy] [flake] [install] [demo] [all]
# ENVLOCK_CORPUS     a folder of real inputs for the tests that read one
# ENVLOCK_FUZZ_TIME  seconds for each fuzz target (default 4)
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
root=$PWD
jobs=${ENVLOCK_JOBS:-$(nproc)}
all_stages="text unit asan tsan fuzz tidy flake install demo"
skip_code=75

if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
fi
# The launcher of this process must also reach a build folder that an earlier run configured without one.
configure() { cmake --preset "$1" >"$root/build/$1.configure.log" 2>&1 || { cat "$root/build/$1.configure.log"; return 1; }; }
build() { configure "$1" && cmake --build --preset "$1" -j "$jobs" -- --quiet "${@:2}"; }

stage_text() { scripts/check_text.sh; }

stage_unit() { build dev && ctest --preset dev -j "$jobs"; }

stage_asan() {
  build asan-ubsan || return 1
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    ctest --preset asan-ubsan -j "$jobs"
}

# Threads live in host and nowhere else: the thread sanitizer looks at its tests alone.
stage_tsan() {
  [ -e tests/unit/host/CMakeLists.txt ] || { echo "no host tests here yet"; return $skip_code; }
  build tsan test_host || return 1
  local run=(build/tsan/bin/test_host)
  # Some kernels randomise addresses further than GCC 12's runtime knows.
  setarch "$(uname -m)" -R true 2>/dev/null && run=(setarch "$(uname -m)" -R "${run[@]}")
  TSAN_OPTIONS=halt_on_error=1 "${run[@]}"
}

stage_fuzz() {
  command -v clang++ >/dev/null || { echo "there is no clang++"; return 1; }
  configure fuzz || return 1
  local targets name failed=0 seconds=${ENVLOCK_FUZZ_TIME:-4} work
  targets=$(cmake --build --preset fuzz --target help | sed -n 's/^\(fuzz_[a-z0-9_]*\):.*/\1/p' | sort -u)
  [ -n "$targets" ] || { echo "no fuzz target was found"; return 1; }
  # shellcheck disable=SC2086
  cmake --build --preset fuzz -j "$jobs" -- --quiet $targets || return 1
  work=$(mktemp -d)
  for name in $targets; do
    local corpus=tests/fuzz/corpus/${name#fuzz_}
    [ -d "$corpus" ] || { echo "$name: no corpus at $corpus"; failed=1; continue; }
    mkdir -p "$work/$name/found" "$work/$name/artifacts"
    # New inputs go to the first folder: the corpus of the source tree stays as it is.
    if "build/fuzz/bin/$name" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=0 \
        -artifact_prefix="$work/$name/artifacts/" "$work/$name/found" "$corpus" >"$work/$name/log" 2>&1; then
      printf '%s: ok, %s\n' "$name" "$(grep -o 'Done [0-9]* runs' "$work/$name/log" | tail -n 1)"
    else
      failed=1
      printf '%s: FAILED\n' "$name"
      tail -n 40 "$work/$name/log"
      for artifact in "$work/$name/artifacts"/*; do
        [ -e "$artifact" ] && { echo "input $(basename "$artifact") (base64):"; base64 "$artifact" | head -n 40; }
      done
    fi
  done
  rm -rf "$work"
  return $failed
}

stage_tidy() {
  local tidy
  tidy=$(command -v run-clang-tidy || command -v run-clang-tidy-14) || { echo "there is no run-clang-tidy"; return 1; }
  configure dev || return 1
  local log=build/tidy.log
  if "$tidy" -quiet -extra-arg=-Wno-unknown-warning-option -p build/dev -j "$jobs" "^$root/src/.*\\.cpp$" >"$log" 2>&1; then
    return 0
  fi
  sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '(warning|error): ' -A 3 | head -n 120
  return 1
}

stage_flake() {
  command -v nix >/dev/null || { echo "Nix is not installed: the flake was not evaluated"; return $skip_code; }
  tests/flake/run.sh
}

# What a packager does: install to a prefix, look at what arrived, make the .deb.
stage_install() {
  configure release && cmake --build --preset release -j "$jobs" -- --quiet || return 1
  scripts/check_install.sh build/release
}

stage_demo() {
  [ -e build/release/bin/envlock ] || [ -e src/cli/CMakeLists.txt ] || { echo "no program yet"; return $skip_code; }
  local log=build/demo.log rc
  mkdir -p build
  scripts/demo.sh >"$log" 2>&1
  rc=$?
  if [ $rc -eq $skip_code ]; then tail -n 2 "$log"; return $rc; fi
  [ $rc -eq 0 ] || tail -n 60 "$log"
  return $rc
}

stages=()
for argument in "${@:-all}"; do
  case " $all_stages all " in *" $argument "*) ;; *) echo "unknown stage: $argument (known: $all_stages all)" >&2; exit 2 ;; esac
  # shellcheck disable=SC2206
  if [ "$argument" = all ]; then stages=($all_stages); break; fi
  stages+=("$argument")
done

mkdir -p build
scripts/setup.sh test || { echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0 skipped=0 report=()
for stage in "${stages[@]}"; do
  printf -- '--- %s\n' "$stage"
  begin=$SECONDS
  "stage_$stage"
  rc=$?
  took=$((SECONDS - begin))
  case $rc in
    0) passed=$((passed + 1)); report+=("ok       $stage (${took} s)") ;;
    "$skip_code") skipped=$((skipped + 1)); report+=("skipped  $stage") ;;
    *) failed=$((failed + 1)); report+=("FAILED   $stage (${took} s)") ;;
  esac
done
printf -- '---\n'
printf '%s\n' "${report[@]}"
if [ "$skipped" -gt 0 ]; then echo "skipped stages say above what they lack: $skipped"; fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
