#!/bin/sh
# `npm test`: the set-up of `npm start`, then type check, purity, lint, build and tests. All of them run, whatever fails;
# the last line counts them. Arguments go to vitest: npm test -- test/model
set -u
cd "$(dirname "$0")/.." || exit 1
. packaging/setup.sh
install_npm_packages || exit 1
install_test_packages || say 'going on: tests that lack a package are skipped'

build_demo_images # its Linux is a test guest, too

mkdir -p .cache
checks=.cache/test-checks
outcome=.cache/test-outcome.json
: >"$checks"
rm -f "$outcome"

# check NAME COMMAND...: a step that passes or fails as one.
check() {
  name=$1
  shift
  say "$name ..."
  if "$@"; then echo "passed $name" >>"$checks"; else echo "failed $name" >>"$checks"; fi
}

# The canary uses what pure code must not have: it has to fail where the pure code passes.
canary_fails() {
  ! tsc -p test/structure/canary >.cache/canary.log 2>&1
}

check 'type check' tsc -p .
check 'purity (no Node types in pure code)' tsc -p tsconfig.pure.json
check 'purity canary' canary_fails
check 'lint and format' biome ci --error-on-warnings --colors=off
check 'build' build_if_stale

say 'tests ...'
VIRTTY_TEST_OUTCOME=$outcome vitest run "$@" </dev/null
node packaging/test-summary.ts "$checks" "$outcome" "$?"
