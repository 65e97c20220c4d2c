#!/bin/sh
# `npm run bench`: the set-up of `npm start`, then the figures. Arguments: -- [--json] [--quick] [FIGURE...]
set -u
cd "$(dirname "$0")/.." || exit 1
. packaging/setup.sh
install_npm_packages || exit 1
install_qemu || say 'going on: figures that need QEMU are left out'
build_if_stale || exit 1
exec node bench/main.ts "$@"
