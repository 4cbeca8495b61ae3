#!/usr/bin/env bash
# Scores the classification on a folder of labelled databases (see tests/eval/README.md), on both engines,
# and checks that a scan visits exactly the columns of the engine's own catalogue.
# Exit code 0: the sets are equal and micro-F1 is at least the floor (0.50) on each engine.
#
#   scripts/eval.sh FOLDER
#   HOLD_OUT="a b"  sources that are scanned and compared, and left out of the score: those that nobody tunes on
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/columns-lib.sh
. "$REPO/scripts/columns-lib.sh"
floor="${EVAL_FLOOR:-0.50}"

[ -n "${1:-}" ] || die "say where the labelled databases are: make eval DATA=<folder>"
[ -f "$1/score.py" ] || die "no score.py in $1; the folder needs db/*.sqlite, labels.jsonl, to_sql.py and score.py"
data="$(cd "$1" && pwd)"
cd "$REPO"
scripts/install-tools.sh test
cargo build --quiet --locked --profile release-lite -p datawave
datawave="$CARGO_TARGET_DIR/release-lite/datawave"
tool="$REPO/tests/eval/columns.py"

work="$(mktemp -d "${TMPDIR:-/tmp}/datawave-eval.XXXXXX")"
# shellcheck disable=SC2329 # called by the trap
cleanup() {
  scripts/postgres.sh stop "$work/postgres" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
export DATAWAVE_DATA_DIR="$work/data"
failed=0

# The gold of the sources that count.
HOLD_OUT="${HOLD_OUT:-}" python3 -c 'import json, os, sys
left_out = set(os.environ["HOLD_OUT"].split())
for line in open(sys.argv[1], encoding="utf-8"):
    if line.strip() and json.loads(line)["source"] not in left_out:
        sys.stdout.write(line)' "$data/labels.jsonl" >"$work/labels.jsonl"

# scan URL: appends the lines to $work/lines. Some objects failing (9) is reported by the comparison below.
scan() {
  local code=0
  "$datawave" scan "$1" -o jsonl >>"$work/lines" || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 9 ] || die "scan ended with exit code $code"
}

# judge ENGINE FIELD: compares the columns and scores what $work/lines holds.
judge() {
  echo "== $1"
  python3 "$tool" names "$2" <"$work/lines" >"$work/ours"
  python3 "$tool" compare "$work/ours" "$work/engine" || failed=1
  python3 "$tool" predictions "$2" <"$work/lines" >"$work/predictions.jsonl"
  python3 "$data/score.py" columns "$work/predictions.jsonl" --labels "$work/labels.jsonl" --json "$work/score.json"
  python3 -c 'import json, sys
f1 = json.load(open(sys.argv[1]))["micro_f1"]
print(f"{sys.argv[3]}: micro-F1 {f1:.4f}, floor {sys.argv[2]}")
sys.exit(f1 < float(sys.argv[2]))' "$work/score.json" "$floor" "$1" || failed=1
}

for file in "$data"/db/*.sqlite; do
  scan "sqlite:$file"
  sqlite_columns "$file" "$(basename "$file" .sqlite)" >>"$work/engine"
done
judge sqlite source

url="$(scripts/postgres.sh start "$work/postgres")"
base="${url%/*}"
psql "$url" -qX -c "create database benchmark encoding 'UTF8' template template0"
python3 "$data/to_sql.py" postgres | PGCLIENTENCODING=UTF8 PGOPTIONS=--client-min-messages=warning \
  psql "$base/benchmark" -qX -v ON_ERROR_STOP=1 -f -
rm "$work/lines" "$work/engine"
scan "$base/benchmark"
postgres_columns "$base/benchmark" >"$work/engine"
judge postgres schema
exit "$failed"
