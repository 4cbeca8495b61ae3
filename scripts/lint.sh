#!/usr/bin/env bash
# Everything that is checked without running the product: formats, lints, contracts, licences, shell scripts.
set -uo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$REPO" || exit 1

scripts/install-tools.sh test || exit 1
PATH="$TOOLS_BIN:$PATH"

failed=0
run() {
  say "== $*"
  "$@" || failed=1
}

run cargo fmt --all --check
run cargo clippy --workspace --all-targets --locked -- -D warnings
run buf lint
run buf format --diff --exit-code

# The contract may only grow. Compared with: $BASE, else the last release, else where this branch left main.
base="${BASE:-}"
[ -n "$base" ] || base="$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null)"
[ -n "$base" ] || base="$(git merge-base HEAD origin/main 2>/dev/null)"
if [ -n "$base" ] && git cat-file -e "$base:buf.yaml" 2>/dev/null; then
  run buf breaking --against ".git#ref=$(git rev-parse "$base")"
else
  say "== buf breaking: no earlier contract to compare with (BASE=<git ref> names one)"
fi

run cargo-deny --locked check bans licenses sources
if have shellcheck; then
  run shellcheck --external-sources .ci/run scripts/*.sh
else
  say "== shellcheck: no build for this machine; the scripts were not checked"
fi
exit "$failed"
