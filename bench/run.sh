#!/usr/bin/env bash
# Measures envlock beside its peers and beside what the machine itself can do, in one run, and prints a Markdown table.
#   bench/run.sh [RUNS]          default 7; medians, the programs taking turns
# ENVLOCK_BENCH_CACHE            where the environment and the mirror are kept (default ~/.cache/envlock-bench)
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
cache=${ENVLOCK_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/envlock-bench}
runs=${1:-7}
port=${ENVLOCK_BENCH_PORT:-28443}
say() { printf 'bench: %s\n' "$*" >&2; }

"$repo/scripts/setup.sh" bench >&2
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$repo" CCACHE_NOHASHDIR=1; fi
(cd "$repo" && mkdir -p build && cmake --preset release -DENVLOCK_BENCH=ON >build/release.configure.log && cmake --build --preset release -- --quiet) >&2
mkdir -p "$cache"
cd "$cache"
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME

# The peers, in an environment of their own.
if [ ! -e tools/.complete ]; then
  say "installing the peers (uv, cyclonedx-py)"
  python3 -m venv tools
  tools/bin/python -m pip --disable-pip-version-check --quiet install "uv" "cyclonedx-bom>=4"
  touch tools/.complete
fi

# The one time that the real index is asked: pip downloads the pins.
if [ ! -e mirror/.complete ]; then
  say "downloading the pinned distributions (once)"
  rm -rf mirror && mkdir -p mirror
  tools/bin/python "$repo/bench/mirror.py" download "$repo/bench/requirements.txt" mirror
  touch mirror/.complete
fi
if [ ! -e project/.complete ]; then
  say "installing them with pip, from the downloaded files"
  rm -rf project && mkdir -p project && git -C project init -q
  python3 -m venv project/.venv
  # A source archive builds with what the real index has: only those few may ask it.
  project/.venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --find-links mirror/files -r "$repo/bench/requirements.txt"
  touch project/.complete
fi

python3 "$repo/bench/mirror.py" serve mirror "$port" >&2
nginx -c "$cache/mirror/nginx.conf" -p "$cache/mirror" 2>>mirror/start.log || { cat mirror/start.log >&2; exit 1; }
trap 'kill "$(cat "$cache/mirror/nginx.pid")" 2>/dev/null || true' EXIT

python3 "$repo/bench/measure.py" --build "$repo/build/release" --cache "$cache" --port "$port" --runs "$runs"
