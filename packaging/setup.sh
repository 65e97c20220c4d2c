# What `npm start`, `npm test`, `npm run bench` and CI do before their own work: npm packages, QEMU, build, demo images.
# Sourced by POSIX shells with the project's root as the current directory. Every function is quick when there is nothing
# to do (no process is spawned but one `find`), and says what it does before anything that takes longer than a second.

PATH=$PWD/node_modules/.bin:$PATH
export PATH
SETUP_LOG=.cache/setup.log

say() {
  printf '%s\n' "virtty: $*" >&2
}

# run_quietly COMMAND...: output goes to the log.
run_quietly() {
  mkdir -p .cache
  "$@" >"$SETUP_LOG" 2>&1 </dev/null
}

# run_logged COMMAND...: as run_quietly; the last lines of the log are shown when the command fails.
run_logged() {
  run_quietly "$@" && return 0
  status=$?
  tail -n 15 "$SETUP_LOG" >&2
  say "'$*' failed with status $status (all of its output: $SETUP_LOG)"
  return "$status"
}

# --- npm packages

# True when node_modules holds what package-lock.json says; the stamp is a copy of the lock that was installed.
npm_packages_current() {
  stamp=node_modules/.virtty-lock
  [ -e "$stamp" ] || return 1
  [ "$stamp" -nt package-lock.json ] && return 0
  cmp -s package-lock.json "$stamp" && touch "$stamp"
}

# Installs the locked packages, Node 24 among them. No package needs its install script, so none is run.
install_npm_packages() {
  npm_packages_current && return 0
  command -v npm >/dev/null || { say 'npm is not in PATH: install Node.js 18 or newer with npm 9 or newer'; return 1; }
  say 'installing npm packages ...'
  node_is_new && came_with_old_node=no || came_with_old_node=yes
  npm_ci || return 1
  [ "$came_with_old_node" = no ] || npm_ci_again || return 1
  hash -r # the shell remembers where it found the old one
  node_is_new || { complain_of_node; return 1; }
  cp package-lock.json node_modules/.virtty-lock
}

npm_ci() {
  run_logged npm ci --ignore-scripts --include=dev --include=optional --loglevel=error --no-audit --no-fund && link_node
}

# npm leaves out optional packages that do not run on the Node that npm itself runs on, and they are not the ones to run
# on it: once more, with the Node that has just come. It is taken out of the folder, which npm empties first.
npm_ci_again() {
  say 'installing npm packages for the Node that came with them ...'
  [ -x node_modules/.bin/node ] || { complain_of_node; return 1; }
  mkdir -p .cache/bin && cp -L node_modules/.bin/node .cache/bin/node || return 1
  (PATH=$PWD/.cache/bin:$PATH && npm_ci)
  status=$?
  rm -rf .cache/bin
  return "$status"
}

# npm 9 makes no link for a command that is called `node`.
link_node() {
  for packaged in node_modules/node-linux-*/bin/node; do
    [ ! -x "$packaged" ] || ln -sf "../../$packaged" node_modules/.bin/node
  done
}

node_is_new() {
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 12) ? 0 : 1)'
}

complain_of_node() {
  say "needs Node 22.12 or newer; $(command -v node) is $(node --version), and there is no packaged Node 24 for $(uname -sm)"
}

# --- packages of the system

# True when any QEMU system emulator is in PATH or where distributions put it.
have_qemu() {
  folders=$PATH:/usr/bin:/usr/local/bin:/usr/libexec
  old_ifs=$IFS
  IFS=:
  # shellcheck disable=SC2086 # split at colons on purpose
  set -- $folders
  IFS=$old_ifs
  for dir; do
    for file in "$dir"/qemu-system-* "$dir"/qemu-kvm; do
      [ -f "$file" ] && [ -x "$file" ] && return 0
    done
  done
  return 1
}

# Prints the command that installs what the demo needs (x86 with iPXE, PowerPC with OpenBIOS); fails on an unknown system.
qemu_install_command() {
  if command -v apt-get >/dev/null; then
    echo 'apt-get install -y --no-install-recommends qemu-system-x86 qemu-system-ppc ipxe-qemu'
  elif command -v dnf >/dev/null && [ -e /etc/fedora-release ]; then
    echo 'dnf install -y qemu-system-x86-core qemu-system-ppc-core ipxe-roms-qemu'
  elif command -v dnf >/dev/null; then
    echo 'dnf install -y qemu-kvm' # the only emulator of RHEL and its kin
  elif command -v pacman >/dev/null; then
    echo 'pacman -S --needed --noconfirm qemu-system-x86 qemu-system-ppc'
  elif command -v zypper >/dev/null; then
    echo 'zypper --non-interactive install qemu-x86 qemu-ppc qemu-ipxe'
  elif command -v apk >/dev/null; then
    echo 'apk add qemu-system-x86_64 qemu-system-ppc'
  else
    return 1
  fi
}

# as_root WHAT COMMAND: runs the command line as root: directly, or with sudo after the user agreed on the terminal.
# Otherwise it prints the command and fails.
as_root() {
  what=$1
  command=$2
  if [ "$(id -u)" -ne 0 ]; then
    ask_for_sudo "$what" "$command" || return 1
    command="sudo $command"
  fi
  say "installing $what ..."
  # shellcheck disable=SC2086 # the words of our own command lines have no blanks in them
  case $command in
    *apt-get*) install_with_apt $command ;;
    *) run_logged $command ;;
  esac && return 0
  say "$what could not be installed; by hand: $command"
  return 1
}

ask_for_sudo() {
  if command -v sudo >/dev/null && [ -t 0 ] && [ -t 2 ]; then
    printf 'virtty: install %s with "sudo %s"? [y/N] ' "$1" "$2" >&2
    read -r answer || answer=n
    case $answer in
      [yY]*) sudo -v && return 0 ;; # asks for the password here, where the terminal is
    esac
  fi
  say "$1 is missing; as root: $2"
  return 1
}

# install_with_apt [sudo] apt-get install ...: with fresh package lists where there are none or they name what is gone.
install_with_apt() {
  export DEBIAN_FRONTEND=noninteractive
  run_quietly "$@" && return 0
  case $1 in
    sudo) run_logged sudo apt-get update ;;
    *) run_logged apt-get update ;;
  esac && run_logged "$@"
}

# QEMU is the only thing that virtty needs; without it the console still opens and says what is missing.
install_qemu() {
  have_qemu && return 0
  if ! command=$(qemu_install_command); then
    say 'found no QEMU (qemu-system-*) and no package manager that is known here: install QEMU by hand'
    return 1
  fi
  as_root QEMU "$command"
}

TEST_PACKAGES='qemu-system-x86 qemu-system-ppc ipxe-qemu seabios libxml2-utils busybox-static iproute2 swtpm swtpm-tools qemu-utils acl ovmf vttest tmux'

# What the tests use beyond QEMU. Only known for Debian; elsewhere the tests that lack something are skipped and say so.
install_test_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say 'not a Debian system: tests that lack a package are skipped'
    install_qemu
    return
  fi
  missing=
  # shellcheck disable=SC2086 # a list of words
  installed=$(dpkg-query --show --showformat='${db:Status-Status}:${Package} ' $TEST_PACKAGES 2>/dev/null)
  for package in $TEST_PACKAGES; do
    case " $installed" in
      *" installed:$package "*) ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -z "$missing" ] || as_root "test packages (${missing# })" "apt-get install -y --no-install-recommends$missing"
}

# --- build and images

# True when nothing that goes into dist/ is newer than the start of the last build.
build_current() {
  [ -e dist/.stamp ] && [ -z "$(find src packaging package-lock.json -newer dist/.stamp -print)" ]
}

build_if_stale() {
  build_current && return 0
  say 'building ...'
  node packaging/build.ts
}

# The demo's Linux guest: kernel and initramfs made of Debian's packages. Tried once; the demo goes on without it.
build_demo_images() {
  script=test/guests/linux/build-linux.sh
  tried=.virtty/images/.linux-tried
  [ "$tried" -nt "$script" ] && return 0
  [ -e "$script" ] && command -v apt-get >/dev/null || return 0
  say 'building the Linux guest of the demo ...'
  mkdir -p .virtty/images .cache
  if ! "$script" .virtty/images >.cache/linux-guest.log 2>&1 </dev/null; then
    say "the demo does without its Linux guest: $(tail -n 1 .cache/linux-guest.log) (again: rm $tried)"
  fi
  : >"$tried"
}
