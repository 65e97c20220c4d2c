import {fileName} from './file-name.ts';

/** What runs whole machines: also with a name in front or behind, as wrappers leave it (`.qemu-kvm-wrapped`). */
const EMULATOR = /(?:^|[^a-z])(?:qemu-system-[a-z0-9_]+|qemu-kvm|qemu|kvm|xenner)(?:$|[^a-z])/i;

/** What comes with QEMU and runs no machine; `qemu-aarch64` and the like run one program of another processor. */
const TOOL =
  /qemu-(?:img|io|nbd|ga|edid|keymap|pr-helper|bridge-helper|vmsr-helper|storage-daemon|server|guest-agent|(?!system-|kvm)[a-z0-9_]+)(?:-static)?$/i;

/** A program of any name that has two of these, one of the first line, in its command line is QEMU. */
const OWN_OPTIONS = ['machine', 'drive', 'blockdev', 'netdev', 'chardev', 'nodefaults'];
const SHARED_OPTIONS = ['M', 'm', 'accel', 'cpu', 'smp', 'device', 'cdrom', 'hda', 'kernel', 'display', 'serial'];

/** A program that starts another one has the other's options in its own command line. */
const STARTER =
  /^(?:(?:ba|da|z|k|fi|a)?sh|busybox|sudo|doas|su|env|nice|ionice|chrt|taskset|numactl|timeout|time|nohup|setsid|setpriv|runuser|runcon|strace|ltrace|gdb|perf|valgrind\S*|systemd-run|unshare|nsenter|chroot|ip|prlimit|script|screen|tmux\S*|ssh|watch|xargs|make|node|ruby|perl|python[\d.]*)$/;

/** Options after which QEMU prints something and ends, and the machine that only answers questions. */
const NO_GUEST = /^--?(?:h|help|version)$/;

/**
 * Whether a process is an emulator that runs a guest: by its file's name, else by its options.
 *
 * @param executable  what the kernel says it runs; absent where that cannot be read
 */
export function isGuestProcess(words: readonly string[], executable?: string): boolean {
  const [first = '', ...options] = words;
  const program = fileName(executable ?? first);
  if (STARTER.test(program) || TOOL.test(program)) return false;
  const isNamed = EMULATOR.test(program) || (!TOOL.test(fileName(first)) && EMULATOR.test(fileName(first)));
  return (isNamed || hasOptionsOfQemu(options)) && options.length > 0 && !asksOnly(options);
}

function hasOptionsOfQemu(words: readonly string[]): boolean {
  const names = new Set(words.flatMap(word => /^--?([A-Za-z]+)$/.exec(word)?.[1] ?? []));
  const own = OWN_OPTIONS.filter(name => names.has(name)).length;
  return own > 0 && own + SHARED_OPTIONS.filter(name => names.has(name)).length >= 2;
}

function asksOnly(options: readonly string[]): boolean {
  return options.some(
    (word, at) => NO_GUEST.test(word) || (/^--?(?:machine|M)$/.test(word) && isNoMachine(options[at + 1])),
  );
}

function isNoMachine(value: string | undefined): boolean {
  return value !== undefined && /^(?:type=)?(?:none|help|\?)(?:,|$)/.test(value);
}
