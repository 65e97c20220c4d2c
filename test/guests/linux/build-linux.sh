#!/bin/sh
# Makes a small Linux guest of Debian's own packages: a kernel and an initramfs with busybox.
#
#   build-linux.sh DIR     writes DIR/vmlinuz and DIR/initrd.gz; does nothing when both are there
#
# The packages are downloaded and unpacked, not installed: no root is needed, but for `apt-get update`
# on a machine that has no package lists yet. The guest has a shell on the first serial line some five
# seconds after its start under software emulation; `poweroff`, `reboot` and the power button work.
set -eu

fail() {
  echo "build-linux.sh: $*" >&2
  exit 1
}

[ $# -eq 1 ] || { echo "usage: build-linux.sh DIR" >&2; exit 2; }
mkdir -p "$1" || fail "cannot make the directory '$1'"
out=$(cd "$1" && pwd)
if [ -s "$out/vmlinuz" ] && [ -s "$out/initrd.gz" ]; then
  exit 0
fi

here=$(cd "$(dirname "$0")" && pwd)
for tool in apt-get apt-cache dpkg-deb gzip; do
  command -v "$tool" >/dev/null || fail "'$tool' is missing: the Linux guest is made of Debian's packages, on Debian or Ubuntu"
done
[ "$(dpkg --print-architecture)" = amd64 ] || fail "the Linux guest is made of amd64 packages, and this machine is $(dpkg --print-architecture)"

work=$(mktemp -d "$out/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# The package of that name is empty and depends on the kernel that is current.
current_kernel() {
  apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1
}

update_lists() {
  apt-get -q update >"$work/update.log" 2>&1 || fail "cannot fetch the package lists (is this machine online?): $(tail -n 1 "$work/update.log")"
}

download() {
  kernel_package=$(current_kernel)
  [ -n "$kernel_package" ] || return 1
  (cd "$work/packages" && apt-get -q download "$kernel_package" busybox-static) >"$work/download.log" 2>&1
}

mkdir "$work/packages" "$work/unpacked" "$work/root"
: >"$work/download.log"
# Lists that are missing or old are the usual reason to fail, and only root can fetch new ones.
if ! download && [ "$(id -u)" -eq 0 ]; then
  update_lists
  download || :
fi
[ -n "$kernel_package" ] || fail "apt knows no package linux-image-cloud-amd64; 'sudo apt-get update' fetches its lists"
[ -n "$(find "$work/packages" -name 'busybox-static*.deb')" ] && [ -n "$(find "$work/packages" -name 'linux-image*.deb')" ] ||
  fail "cannot download $kernel_package and busybox-static (is this machine online?): $(grep '^E:' "$work/download.log" | head -n 1)"
for package in "$work"/packages/*.deb; do
  dpkg-deb -x "$package" "$work/unpacked" || fail "cannot unpack '$package'"
done

busybox=$(find "$work/unpacked" -path '*bin/busybox' -type f | head -n 1)
vmlinuz=$(find "$work/unpacked/boot" -name 'vmlinuz-*' | head -n 1)
[ -n "$busybox" ] && [ -n "$vmlinuz" ] || fail "the packages have no busybox or no kernel inside"

root=$work/root
mkdir -p "$root/bin" "$root/dev" "$root/etc" "$root/modules" "$root/proc" "$root/sys" "$root/tmp" "$root/var/log" "$root/var/run"
cp "$busybox" "$root/bin/busybox"
ln -s bin/busybox "$root/init"
cp -R "$here/rootfs/." "$root"
# The power button arrives as a key of an input device.
for module in button evdev; do
  file=$(find "$work/unpacked" -name "$module.ko*" | head -n 1)
  case $file in
    *.ko) cp "$file" "$root/modules/$module.ko" ;;
    *.ko.xz) "$busybox" unxz <"$file" >"$root/modules/$module.ko" ;;
    '') ;; # built into the kernel
    *) fail "cannot unpack '$file'" ;;
  esac
done

(cd "$root" && find . | "$busybox" cpio -o -H newc -R 0:0 2>/dev/null) >"$work/initrd" || fail "cannot write the initramfs"
gzip -9 "$work/initrd"
cp "$vmlinuz" "$work/vmlinuz"
mv "$work/vmlinuz" "$out/vmlinuz"
mv "$work/initrd.gz" "$out/initrd.gz"
