#!/bin/sh
# shell.sh [--v1] [SCRIPT]: a script, or every line of the input, run by the administrator of the SELinux VM.
set -u
cd "$(dirname "$0")/../.." || exit 1
. packaging/setup.sh
install_npm_packages || exit 1
build_if_stale || exit 1
exec node packaging/selinux-vm/shell.ts "$@"
