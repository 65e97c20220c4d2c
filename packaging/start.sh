#!/bin/sh
# `npm start`: everything from a fresh clone to the console with the demo's guests in it. A second run finds all of it done.
set -u
cd "$(dirname "$0")/.." || exit 1
. packaging/setup.sh
install_npm_packages || exit 1
install_qemu || say 'going on without QEMU'
build_if_stale || exit 1
build_demo_images
exec bin/virtty demo "$@"
