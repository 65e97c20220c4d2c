#!/bin/sh
# `npm run test:selinux`: builds the checkout and, once, a VM whose kernel enforces SELinux, and runs test/selinux against it.
# Arguments go to vitest: npm run test:selinux -- -t categories
set -u
cd "$(dirname "$0")/../.." || exit 1
. packaging/setup.sh
install_npm_packages || exit 1
build_if_stale || exit 1
exec vitest run --config vitest.selinux.config.ts "$@" </dev/null
