#!/usr/bin/env bash
# Every test: Rust (both databases), repository checks, the shell blocks of the documentation.
# Starts one PostgreSQL on a free port and stops it, whatever happens. The last line is `N passed, N failed`.
set -uo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$REPO" || exit 1

scripts/install-tools.sh test || exit 1

work="$(mktemp -d "${TMPDIR:-/tmp}/datawave-test.XXXXXX")"
log="$work/output.log"
# shellcheck disable=SC2329 # called by the trap
cleanup() {
  scripts/postgres.sh stop "$work/postgres" >/dev/null 2>&1
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

DATAWAVE_TEST_POSTGRES_URL="$(scripts/postgres.sh start "$work/postgres")" \
  || die "PostgreSQL did not start; the lines above say why"
export DATAWAVE_TEST_POSTGRES_URL
# Tests find the SQL shell and buf here.
PATH="$TOOLS_BIN:$PATH"
export PATH

failed=0
# run NAME COMMAND...: keeps going, so that one run shows everything that is wrong.
run() {
  local name="$1" step="$work/step.log"
  shift
  say "== $name"
  "$@" 2>&1 | tee "$step"
  local code="${PIPESTATUS[0]}"
  if [ "$code" -ne 0 ]; then
    failed=1
    # A step that broke without a single failing test still counts as one failure.
    grep -qE '^(test result: FAILED|error: could not compile)' "$step" || echo "check failed: $name" | tee -a "$step"
  fi
  cat "$step" >>"$log"
}

run "rust tests" cargo test --workspace --locked --no-fail-fast
# The tests of the binary have built it; only where they did not compile is there something to say.
[ -x "$CARGO_TARGET_DIR/debug/datawave" ] || run "the binary" cargo build --locked -p datawave
run "columns of databases with random names" scripts/check-columns.sh "$CARGO_TARGET_DIR/debug"
run "shell blocks in the documentation" scripts/run-doc-blocks.sh "$CARGO_TARGET_DIR/debug"

scripts/summarise-tests.sh <"$log"
exit "$failed"
