#!/usr/bin/env bash
# The five-minute look: builds, makes a small company of databases, starts everything, scans, shows the findings.
#
#   scripts/demo.sh [--once]     --once stops at the end instead of leaving it running until Ctrl-C
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$REPO"

once=""
case "${1:-}" in
  "") ;;
  --once) once=1 ;;
  *) die "usage: make demo [ARGS=--once]" ;;
esac

say "1/5  tools"
scripts/install-tools.sh build
say "2/5  building (the first time takes some minutes; afterwards seconds)"
cargo build --quiet --locked --profile release-lite -p datawave
datawave="$CARGO_TARGET_DIR/release-lite/datawave"

# A demo starts empty every time and leaves nothing behind.
home="$(mktemp -d "${TMPDIR:-/tmp}/datawave-demo.XXXXXX")"
export DATAWAVE_DATA_DIR="$home/data"
server=""
# shellcheck disable=SC2329 # called by the trap
cleanup() {
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$home"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "3/5  a small company: CRM, HR, clinic, shop, telemetry"
"$datawave" sample "$home/estate" -o json >/dev/null

say "4/5  starting DataWave"
"$datawave" up --listen 127.0.0.1:0 -o json >"$home/ready" 2>"$home/log" &
server=$!
for _ in $(seq 1 300); do
  grep -q '"event":"ready"' "$home/ready" && break
  kill -0 "$server" 2>/dev/null || { cat "$home/log" >&2; die "datawave up ended; the lines above say why"; }
  sleep 0.1
done
grep -q '"event":"ready"' "$home/ready" || { cat "$home/log" >&2; die "datawave up was not ready after 30 s"; }
endpoint="$(json_field grpc <"$home/ready")"
metrics="$(json_field metrics <"$home/ready")"
say "     ready in $(json_field ready_ms <"$home/ready") ms at $endpoint"

say "5/5  scanning"
for database in "$home"/estate/*.sqlite; do
  echo
  echo "== $(basename "$database" .sqlite)"
  "$datawave" scan "sqlite:$database"
done

cat <<TEXT

What you saw: every column of five databases was visited, no value left the process that read them, and each
finding says how sure it is and why.
TEXT
if [ -n "$once" ]; then
  echo "Next: make demo without ARGS=--once leaves it running; README.md has five minutes more to try."
  exit 0
fi

cat <<TEXT
What to try next, in another terminal:

  export DATAWAVE_DATA_DIR=$DATAWAVE_DATA_DIR
  alias datawave=$datawave
  datawave finding list --state review      findings that wait for a decision
  datawave asset list                       the catalog, with the labels that are attached
  datawave scan sqlite:your.db              your own data, or postgres://user@host/database
  datawave audit verify                     prove that nobody changed the audit log

  metrics for Prometheus: $metrics/metrics
  next to read:           README.md, ARCHITECTURE.md, docs/cli.md
TEXT
echo
echo "DataWave keeps running; Ctrl-C stops it and removes the demo's data."
wait "$server"
