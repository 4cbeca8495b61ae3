#!/usr/bin/env bash
# A throw-away PostgreSQL for tests, on a free loopback port, without passwords and without fsync.
#   postgres.sh start DIR   starts it, waits until it answers, prints its URL
#   postgres.sh stop DIR    stops it and removes its data; does nothing when it is not running
#   postgres.sh run DIR     start, then stop when stdin ends: the server dies with whoever holds the other end
set -euo pipefail

# say TEXT: for people, on stderr; stdout is the URL alone.
say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}

# The folder with initdb and pg_ctl: the newest of Debian's, or what is on the path.
find_bin() {
  local newest
  newest="$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)" || true
  if [ -n "$newest" ]; then
    dirname "$newest"
  elif command -v initdb >/dev/null 2>&1; then
    dirname "$(command -v initdb)"
  else
    die "PostgreSQL is not installed; run 'apt-get install postgresql', or set DATAWAVE_TEST_POSTGRES_URL"
  fi
}

# PostgreSQL refuses to run as root: then it runs as its own user, or as nobody.
server_user() {
  if [ "$(id -u)" -ne 0 ]; then
    id -un
  elif id postgres >/dev/null 2>&1; then
    echo postgres
  else
    echo nobody
  fi
}

# as_server COMMAND...: as that user, from a folder that it may enter.
as_server() {
  local user
  user="$(server_user)"
  if [ "$(id -u)" -ne 0 ]; then
    "$@"
  elif command -v setpriv >/dev/null 2>&1; then
    (cd / && setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups -- "$@")
  else
    (cd / && runuser -u "$user" -- "$@")
  fi
}

start() {
  local dir="$1" bin home port tries
  bin="$(find_bin)"
  mkdir -p "$dir"
  [ ! -e "$dir/home" ] || die "$dir has a server already; stop it first: $0 stop $dir"
  # DIR may lie in a folder that only root may enter, so the data lies in one of its own.
  if [ "$(id -u)" -eq 0 ]; then
    home="$(mktemp -d /tmp/datawave-postgres.XXXXXX)"
    chown "$(server_user)" "$home"
  else
    home="$(mktemp -d "${TMPDIR:-/tmp}/datawave-postgres.XXXXXX")"
  fi
  printf '%s\n' "$home" >"$dir/home"
  as_server "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --no-locale --no-sync \
    >"$dir/initdb.log" 2>&1 || fail_start "$dir" "initdb failed" "$dir/initdb.log"
  cat >>"$home/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 400
shared_buffers = 64MB
autovacuum_naptime = 10min
log_min_messages = fatal
CONF
  for tries in $(seq 1 20); do
    port=$((20000 + RANDOM % 12000))
    if as_server "$bin/pg_ctl" -D "$home/data" -s -w -t 60 -l "$home/server.log" -o "-p $port" start \
      >>"$dir/initdb.log" 2>&1 </dev/null; then
      echo "postgres://postgres@127.0.0.1:$port/postgres"
      return
    fi
    # Another program has this port: take the next. Anything else will not heal.
    grep -q 'could not bind' "$home/server.log" || break
    : >"$home/server.log"
  done
  fail_start "$dir" "the server did not start (try $tries)" "$home/server.log"
}

# fail_start DIR TEXT LOG
fail_start() {
  say "$2:"
  tail -n 20 "$3" >&2 || true
  stop "$1"
  exit 1
}

stop() {
  local dir="$1" home
  [ -s "$dir/home" ] || return 0
  home="$(cat "$dir/home")"
  if [ -e "$home/data/postmaster.pid" ]; then
    as_server "$(find_bin)/pg_ctl" -D "$home/data" -s -m immediate -w -t 30 stop >&2 </dev/null || true
  fi
  case "$home" in
    */datawave-postgres.*) rm -rf "$home" ;;
  esac
  rm -f "$dir/home" "$dir/initdb.log"
}

run() {
  RUN_DIR="$1"
  trap 'stop "$RUN_DIR"; rm -rf "$RUN_DIR"' EXIT
  # Whoever ends the tests by a signal to all means the server too, but it must be stopped in order.
  trap '' INT TERM HUP
  start "$RUN_DIR"
  # The reader of the URL must not wait for more.
  exec >&-
  cat >/dev/null || true
}

[ $# -eq 2 ] || die "usage: $0 start|stop|run DIR"
case "$1" in
  start | stop | run) "$1" "$2" ;;
  *) die "usage: $0 start|stop|run DIR" ;;
esac
