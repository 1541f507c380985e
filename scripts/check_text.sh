#!/usr/bin/env bash
# What no compiler looks at: shell syntax, and words that must not be in a tracked file.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
bad=0

complain() { printf '%s\n' "$1" >&2; bad=1; }

while IFS= read -r script; do
  bash -n "$script" || complain "does not parse: $script"
  [ -x "$script" ] || complain "not executable: $script"
done < <(git ls-files -z -- ':!fixtures' | xargs -0 grep -lIE '^#!.*\b(ba)?sh$' -- 2>/dev/null | while IFS= read -r file; do
           head -n 1 -- "$file" | grep -qE '^#!.*sh$' && printf '%s\n' "$file"; done)

if command -v shellcheck >/dev/null; then
  git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck -S warning || complain "shellcheck found something"
fi

while IFS= read -r script; do
  python3 - "$script" <<'PY' || complain "does not parse: $script"
import ast, sys
ast.parse(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1])
PY
done < <(git ls-files '*.py')

# An index is configuration. Which host to look for is asked from pip, so that this file does not name it either.
hosts=$(python3 -c '
from pip._internal.models.index import PyPI
print(PyPI.netloc)
print(PyPI.file_storage_domain)' 2>/dev/null)
[ -n "$hosts" ] || complain "pip did not say which index it uses: the search for its host did not run"
for host in $hosts; do
  if git grep -nIF -e "$host"; then complain "a tracked file names the host of a package index"; fi
done

# A path of the machine that a file was written on, and what an unfinished merge leaves behind.
if git grep -nIF -e "$PWD/"; then complain "a tracked file holds the path of this checkout"; fi
if git grep -nIE -e '^(<<<<<<<|>>>>>>>) ' -- ':!tests/fuzz/corpus' ':!fixtures'; then complain "merge markers"; fi
exit $bad
