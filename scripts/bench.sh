#!/usr/bin/env bash
# Figures of this machine: start-up time, idle memory, and how fast the sample company is scanned.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$REPO"

scripts/install-tools.sh build
cargo build --quiet --locked --profile release-lite -p datawave
datawave="$CARGO_TARGET_DIR/release-lite/datawave"
say "machine: $(nproc) cores, $(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo), load $(cut -d' ' -f1 /proc/loadavg)"
scripts/measure-start.sh "$datawave"

home="$(mktemp -d "${TMPDIR:-/tmp}/datawave-bench.XXXXXX")"
trap 'rm -rf "$home"' EXIT
export DATAWAVE_DATA_DIR="$home/data"
"$datawave" sample "$home/estate" >/dev/null
columns=0
started=$(date +%s%N)
for database in "$home"/estate/*.sqlite; do
  "$datawave" scan "sqlite:$database" -o jsonl >"$home/lines"
  columns=$((columns + $(grep -c '"column":' "$home/lines")))
done
elapsed=$((($(date +%s%N) - started) / 1000000))
echo "scan_columns=$columns scan_ms=$elapsed columns_per_s=$((columns * 1000 / (elapsed + 1)))"
