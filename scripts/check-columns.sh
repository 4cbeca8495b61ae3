#!/usr/bin/env bash
# A scan visits exactly the columns that the engine's own catalogue lists, whatever they are called:
# databases with random hostile names are made now, scanned, and compared with what the SQL shells say.
# Needs DATAWAVE_TEST_POSTGRES_URL for the PostgreSQL half.
#
#   scripts/check-columns.sh FOLDER_WITH_THE_BINARY [SEED]
set -uo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/columns-lib.sh
. "$REPO/scripts/columns-lib.sh"
datawave="$(cd "$1" && pwd)/datawave"
seed="${2:-$RANDOM}"
tool="$REPO/tests/eval/columns.py"
work="$(mktemp -d "${TMPDIR:-/tmp}/datawave-columns.XXXXXX")"
trap 'rm -rf "$work"' EXIT
export DATAWAVE_DATA_DIR="$work/data"
passed=0 failed=0

# verdict NAME CODE: one test's line.
verdict() {
  if [ "$2" -eq 0 ]; then
    echo "test columns::$1 (seed $seed) ... ok"
    passed=$((passed + 1))
  else
    echo "test columns::$1 (seed $seed) ... FAILED"
    failed=$((failed + 1))
  fi
}

sqlite_half() {
  python3 "$tool" random sqlite "$seed" | sqlite3 "$work/random.sqlite" &&
    "$datawave" scan "sqlite:$work/random.sqlite" -o jsonl >"$work/lines" &&
    python3 "$tool" names source <"$work/lines" >"$work/ours" &&
    sqlite_columns "$work/random.sqlite" random >"$work/engine" &&
    python3 "$tool" compare "$work/ours" "$work/engine"
}

postgres_half() {
  local base="${DATAWAVE_TEST_POSTGRES_URL%/*}" name="columns_$$"
  psql "$DATAWAVE_TEST_POSTGRES_URL" -qX -c "create database $name encoding 'UTF8' template template0" &&
    python3 "$tool" random postgres "$seed" | PGCLIENTENCODING=UTF8 psql "$base/$name" -qX -v ON_ERROR_STOP=1 -f - &&
    "$datawave" scan "$base/$name" -o jsonl >"$work/lines" &&
    python3 "$tool" names schema <"$work/lines" >"$work/ours" &&
    postgres_columns "$base/$name" >"$work/engine" &&
    python3 "$tool" compare "$work/ours" "$work/engine"
  local code=$?
  psql "$DATAWAVE_TEST_POSTGRES_URL" -qX -c "drop database if exists $name with (force)" >/dev/null
  return $code
}

sqlite_half
verdict sqlite_scan_visits_what_the_shell_lists $?
if [ -n "${DATAWAVE_TEST_POSTGRES_URL:-}" ]; then
  postgres_half
  verdict postgres_scan_visits_what_psql_lists $?
fi

if [ "$failed" -eq 0 ]; then word=ok; else word=FAILED; fi
echo "test result: $word. $passed passed; $failed failed"
[ "$failed" -eq 0 ]
