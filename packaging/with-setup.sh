#!/bin/sh
# with-setup.sh PROGRAM ARGUMENT...: the set-up of `npm start`, then one of the project's own programs that measure or draw
# the built console: `npm run bench`, `npm run screenshots`.
set -u
cd "$(dirname "$0")/.." || exit 1
. packaging/setup.sh
install_npm_packages || exit 1
install_qemu || say 'going on without QEMU'
build_if_stale || exit 1
exec node "$@"
