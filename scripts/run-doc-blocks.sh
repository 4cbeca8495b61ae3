#!/usr/bin/env bash
# Runs the ```sh blocks of the README and of docs/, so that what is written there works.
# The blocks of one file run in order in one shell, in an empty folder, with a data directory and a
# configuration of their own. Lines that begin with `make` are skipped: they are what runs this.
#
#   scripts/run-doc-blocks.sh FOLDER_WITH_THE_BINARY [FILE...]
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
[ $# -ge 1 ] || die "usage: run-doc-blocks.sh FOLDER_WITH_THE_BINARY [FILE...]"
bin="$(cd "$1" && pwd)"
shift
[ -x "$bin/datawave" ] || die "no datawave in $bin; run: cargo build -p datawave"
cd "$REPO"

if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(find README.md CONTRIBUTING.md docs -name '*.md' | sort)
fi

work="$(mktemp -d "${TMPDIR:-/tmp}/datawave-docs.XXXXXX")"
# shellcheck disable=SC2329 # called by the trap
cleanup() {
  # What a block left running in the background belongs to its own process group, which ends with it.
  rm -rf "$work"
}
trap cleanup EXIT

passed=0
failed=0
for file in "${files[@]}"; do
  # `set -x` would print secrets and noise; instead every block announces its line.
  script="$(awk '
    /^```sh$/ { inside = 1; printf "at=%d\n", NR + 1; next }
    /^```$/   { inside = 0 }
    inside && !/^make( |$)/ { print }
  ' "$file")"
  [ -n "$script" ] || continue
  room="$work/$(printf '%s' "$file" | tr '/.' '__')"
  mkdir -p "$room/home" "$room/cwd"
  if (
    cd "$room/cwd"
    env -i PATH="$bin:$PATH" HOME="$room/home" LANG=C.UTF-8 TMPDIR="$room" \
      DATAWAVE_DATA_DIR="$room/data" \
      timeout --kill-after=10 300 bash -c "set -euo pipefail
trap 'echo \"$file: failed in the block that begins at line \$at\" >&2' ERR
trap 'jobs -p | xargs -r kill 2>/dev/null; wait' EXIT
$script"
  ) >"$room/output" 2>&1; then
    echo "test docs::$file ... ok"
    passed=$((passed + 1))
  else
    echo "test docs::$file ... FAILED"
    sed 's/^/    /' "$room/output"
    failed=$((failed + 1))
  fi
done

if [ "$failed" -eq 0 ]; then word=ok; else word=FAILED; fi
echo "test result: $word. $passed passed; $failed failed"
[ "$failed" -eq 0 ]
