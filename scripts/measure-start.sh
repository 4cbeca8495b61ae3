#!/usr/bin/env bash
# Start-up time and idle memory of `datawave up` on an existing data directory, the median of five starts.
# Prints `ready_ms=N rss_mib=N`; fails when they pass the promise (1000 ms, 150 MiB).
#
#   scripts/measure-start.sh [BINARY]
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

datawave="${1:-$CARGO_TARGET_DIR/release-lite/datawave}"
[ -x "$datawave" ] || die "no binary at $datawave; run: cargo build --profile release-lite -p datawave"
home="$(mktemp -d "${TMPDIR:-/tmp}/datawave-start.XXXXXX")"
server=""
# shellcheck disable=SC2329 # called by the trap
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$home"
}
trap cleanup EXIT

# start: runs `datawave up` and waits for its ready line, which it leaves in $home/ready.
start() {
  : >"$home/ready"
  "$datawave" up --data-dir "$home/data" --listen 127.0.0.1:0 -o json >"$home/ready" 2>"$home/log" &
  server=$!
  for _ in $(seq 1 600); do
    grep -q '"event":"ready"' "$home/ready" && return
    kill -0 "$server" 2>/dev/null || { cat "$home/log" >&2; die "datawave up ended; the lines above say why"; }
    sleep 0.05
  done
  die "datawave up was not ready after 30 s"
}
stop() {
  kill -TERM "$server"
  wait "$server" || true
  server=""
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

start # the first start makes keys and stores; it is not the one that is promised
stop
ready=() resident=()
for _ in 1 2 3 4 5; do
  start
  ready+=("$(json_field ready_ms <"$home/ready")")
  # Idle: what remains after the start-up work has settled.
  sleep 2
  resident+=("$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")")
  stop
done
ready_ms="$(printf '%s\n' "${ready[@]}" | median)"
rss_mib="$(printf '%s\n' "${resident[@]}" | median)"
echo "ready_ms=$ready_ms rss_mib=$rss_mib"
[ "$ready_ms" -lt 1000 ] || die "ready after $ready_ms ms; the promise is under 1000"
[ "$rss_mib" -lt 150 ] || die "$rss_mib MiB resident when idle; the promise is under 150"
