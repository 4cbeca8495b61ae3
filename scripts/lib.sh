# Shared by the scripts in this folder; sourced, never run.
# shellcheck shell=bash

# Everything that is downloaded or built lives under the user's cache, never in the checkout.
DATAWAVE_CACHE="${DATAWAVE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/datawave}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$DATAWAVE_CACHE/target}"
# shellcheck disable=SC2034 # used by those who source this file
TOOLS_BIN="$DATAWAVE_CACHE/tools/bin"
# shellcheck disable=SC2034
REPO="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# say TEXT: progress for people, on stderr, so that stdout stays data.
say() { printf '%s\n' "$*" >&2; }

# die TEXT: what went wrong and what to do, then out.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# have COMMAND: is it on the path?
have() { command -v "$1" >/dev/null 2>&1; }

# json_field NAME: the string or number NAME of a one-line JSON object on stdin.
json_field() { sed -n "s/.*\"$1\":\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p"; }
