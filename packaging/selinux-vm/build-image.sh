#!/bin/bash
# build-image.sh DIR: makes a Debian system whose kernel enforces SELinux with Debian's policy, below DIR:
#
#   DIR/root.img           its disk, ext4, with every label in place
#   DIR/vmlinuz, initrd.gz what QEMU boots directly
#   DIR/packages/          what was downloaded, so that another build downloads nothing
#   DIR/root/, stages/     the system as a folder, and which stages are done and of what
#
# A stage is done again when what it is made of has changed: the first takes some three minutes, the last half a minute.
# The host needs no SELinux: a label is the extended attribute `security.selinux`, which setfiles writes in a chroot
# and mke2fs copies. Needs root, debootstrap, e2fsprogs and a mirror of Debian (MIRROR, SECURITY_MIRROR).
set -euo pipefail

SUITE=bookworm
IMAGE_MIB=3072 # sparse
# The one that debootstrap has by itself, if no other is named.
MIRROR=${MIRROR:-$(sed -n 's/^DEF_MIRROR="\(.*\)"$/\1/p' "$(command -v debootstrap)" | head -n 1)}
: "${MIRROR:?no mirror of Debian is known: name one, MIRROR=URL}"
SECURITY_MIRROR=${SECURITY_MIRROR:-${MIRROR%/}-security}

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?usage: build-image.sh DIR}/packages" "$1/stages" "$1/log"
work=$(cd "$1" && pwd)
root=$work/root

# setools has seinfo and sesearch; nfs-kernel-server and dosfstools make file systems that keep no label.
PACKAGES=(
  systemd systemd-sysv systemd-container udev dbus kmod procps iproute2 util-linux e2fsprogs strace
  selinux-basics selinux-policy-default policycoreutils policycoreutils-python-utils selinux-utils checkpolicy setools auditd
  qemu-system-x86 qemu-utils seabios ipxe-qemu swtpm swtpm-tools
  libstdc++6 libatomic1 libcap2-bin attr acl dosfstools nfs-kernel-server
)

# Of the kernel's modules those that no such guest needs.
UNUSED_MODULES='sound net/wireless net/mac80211 net/bluetooth
  drivers/gpu drivers/media drivers/infiniband drivers/net/wireless drivers/net/ethernet drivers/staging drivers/isdn
  drivers/hid drivers/iio drivers/mtd drivers/bluetooth drivers/comedi drivers/edac drivers/hwmon drivers/power drivers/mfd
  drivers/leds drivers/nfc drivers/thunderbolt drivers/accel
  fs/xfs fs/btrfs fs/ocfs2 fs/gfs2 fs/jfs fs/reiserfs fs/ceph fs/smb fs/cifs fs/f2fs fs/ubifs'

# What a start would only wait for.
UNUSED_UNITS='getty@tty1.service getty.target serial-getty@.service apt-daily.timer apt-daily-upgrade.timer
  dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-pstore.service
  systemd-timesyncd.service systemd-update-utmp.service systemd-update-utmp-runlevel.service selinux-autorelabel.service
  qemu-kvm.service kmod-static-nodes.service modprobe@.service systemd-journal-flush.service systemd-sysusers.service
  systemd-binfmt.service proc-sys-fs-binfmt_misc.automount systemd-random-seed.service systemd-user-sessions.service
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount systemd-logind.service systemd-remount-fs.service
  nfs-server.service nfs-client.target rpcbind.service rpcbind.socket rpc-statd-notify.service nfs-blkmap.service
  nfs-idmapd.service nfsdcld.service proc-fs-nfsd.mount run-rpc_pipefs.mount auditd.service'

say() {
  echo "virtty: $*" >&2
}

# stage NAME MADE_OF FUNCTION: runs the function unless it has been run for the same.
stage() {
  local name=$1 made_of=$2
  if [ "$(cat "$work/stages/$name" 2>/dev/null)" = "$made_of" ]; then return; fi
  rm -f "$work/stages/$name"
  say "$name ..."
  "$3"
  echo "$made_of" >"$work/stages/$name"
}

# in_root COMMAND...: in the system, with a /proc that goes with the mount namespace, whatever interrupts it.
in_root() {
  unshare --mount --propagation private sh -c \
    'mount -t proc proc "$0/proc" && exec chroot "$0" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
       LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@"
}

# logged NAME COMMAND...: its output goes to a log, of which the end is shown when it fails.
logged() {
  local log=$work/log/$1.log
  shift
  "$@" </dev/null >"$log" 2>&1 || { tail -n 15 "$log" >&2; say "'$*' failed (all of its output: $log)"; return 1; }
}

bootstrap() {
  rm -rf "$root"
  logged debootstrap debootstrap --variant=minbase --cache-dir="$work/packages" "$SUITE" "$root" "$MIRROR"
  printf '%s\n' "deb $MIRROR $SUITE main" "deb $MIRROR $SUITE-updates main" \
    "deb $SECURITY_MIRROR $SUITE-security main" >"$root/etc/apt/sources.list"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no service starts in a chroot
  chmod 755 "$root/usr/sbin/policy-rc.d"
  printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' \
    'path-exclude=/usr/share/locale/*' >"$root/etc/dpkg/dpkg.cfg.d/small"
}

install_packages() {
  local archives=$root/var/cache/apt/archives
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  cp -n "$work"/packages/*.deb "$archives/"
  logged apt-update in_root apt-get -q update
  logged apt-install in_root apt-get -qy -o APT::Keep-Downloaded-Packages=true -o Dpkg::Options::=--force-confnew \
    install --no-install-recommends "${PACKAGES[@]}"
  fetch_unpacked "$(in_root apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)" kernel
  fetch_unpacked busybox-static busybox
  cp -n "$archives"/*.deb "$work/packages/"
  rm -rf "$archives"/*.deb "$root"/var/lib/apt/lists/*
  install_kernel
}

# fetch_unpacked PACKAGE NAME: its files in DIR/NAME; it is not installed.
fetch_unpacked() {
  ls "$root/var/cache/apt/archives/$1"_*.deb >/dev/null 2>&1 ||
    logged "download-$2" in_root sh -c 'cd /var/cache/apt/archives && apt-get -q download "$0"' "$1"
  rm -rf "${work:?}/$2"
  dpkg-deb -x "$(ls "$root/var/cache/apt/archives/$1"_*.deb | tail -n 1)" "$work/$2"
}

# The cloud kernel would be smaller and has no 9p.
install_kernel() {
  local version modules unused
  version=$(ls "$work/kernel/lib/modules")
  modules=$work/kernel/lib/modules/$version
  for unused in $UNUSED_MODULES; do rm -rf "$modules/kernel/$unused"; done
  rm -rf "$root/lib/modules"
  mkdir -p "$root/lib/modules"
  cp -a "$modules" "$root/lib/modules/"
  in_root depmod "$version"
  cp "$work"/kernel/boot/vmlinuz-* "$work/vmlinuz"
}

configure() {
  local unit
  cp -R "$here/root/." "$root"
  echo selinux-vm >"$root/etc/hostname"
  echo '127.0.0.1 localhost selinux-vm' >"$root/etc/hosts"
  : >"$root/etc/resolv.conf"
  : >"$root/etc/fstab" # an entry for the root costs twenty seconds of waiting for udev
  sed -i 's/^SELINUX=.*/SELINUX=enforcing/; s/^SELINUXTYPE=.*/SELINUXTYPE=default/' "$root/etc/selinux/config"
  rm -f "$root/.autorelabel"
  for unit in $UNUSED_UNITS; do ln -sf /dev/null "$root/etc/systemd/system/$unit"; done
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/mnt/checkout" \
    "$root/var/lib/libvirt/images" "$root"/{etc,var/log,var/cache}/virtty/qemu \
    "$root"/var/lib/virtty/qemu/{dump,nvram,ram,swtpm}
  ln -sf ../vm-agent.service "$root/etc/systemd/system/multi-user.target.wants/vm-agent.service"
  in_root passwd -d root >/dev/null
  in_root sh -c 'getent passwd libvirt-qemu >/dev/null || useradd --uid 64055 --user-group --no-create-home --shell /usr/sbin/nologin libvirt-qemu'
  install -m 755 "$(readlink -f "$(command -v node)")" "$root/usr/bin/node"
  rm -rf "$root"/usr/share/{doc,man,locale}/*
}

label() {
  logged setfiles in_root setfiles -F -e /proc -e /sys -e /dev /etc/selinux/default/contexts/files/file_contexts /
}

# A policy beside Debian's for what Debian forbids its virtualization daemon: ready to be loaded, compiled in seconds here
# and in minutes inside.
compile_policy() {
  local alternative=$root/tmp/policy
  rm -rf "$alternative"
  mkdir -p "$alternative/etc" "$alternative/var/lib" "$root/etc/selinux/free-virtd"
  cp -a "$root/etc/selinux" "$alternative/etc/"
  cp -a "$root/var/lib/selinux" "$alternative/var/lib/"
  cp "$here/free-virtd.cil" "$alternative/"
  logged semodule in_root semodule -p /tmp/policy -s default -n -i /tmp/policy/free-virtd.cil
  cp "$alternative"/etc/selinux/default/policy/policy.* "$root/etc/selinux/free-virtd/policy"
  rm -rf "$alternative"
}

# busybox and the modules up to the disk; systemd of the real root loads the policy, nothing before it may.
pack_initrd() {
  local initrd=$work/initrd version module file
  version=$(ls "$root/lib/modules")
  rm -rf "$initrd"
  mkdir -p "$initrd"/{bin,dev,proc,sys,root,modules}
  install -m 755 "$work/busybox/bin/busybox" "$initrd/bin/busybox"
  install -m 755 "$here/initrd-init" "$initrd/init"
  for module in virtio_pci virtio_blk ext4; do
    in_root modprobe -S "$version" --show-depends "$module" 2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r file; do
      [ -e "$initrd/modules/${file##*/}" ] || { cp "$root$file" "$initrd/modules/"; echo "${file##*/}" >>"$initrd/modules/order"; }
    done
  done
  (cd "$initrd" && find . | "$work/busybox/bin/busybox" cpio -o -H newc -R 0:0 2>/dev/null | gzip -9) >"$work/initrd.gz"
}

make_image() {
  configure
  compile_policy
  label
  pack_initrd
  rm -f "$work/root.img"
  logged mke2fs mke2fs -q -t ext4 -L root -O '^metadata_csum_seed,^orphan_file' -E root_owner=0:0 -m 0 -d "$root" "$work/root.img.new" "${IMAGE_MIB}M"
  mv "$work/root.img.new" "$work/root.img"
}

digest() {
  sha256sum | cut -d ' ' -f 1
}

packages_key=$(echo "$SUITE ${PACKAGES[*]} $UNUSED_MODULES" | digest)
image_key=$( (echo "$packages_key"; node --version; cd "$here" && find root initrd-init free-virtd.cil build-image.sh -type f | sort | xargs sha256sum) | digest)

stage 'Debian of the SELinux VM' "$SUITE" bootstrap
stage 'packages of the SELinux VM' "$packages_key" install_packages
stage 'image of the SELinux VM' "$image_key" make_image
