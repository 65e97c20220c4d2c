import {x86Models} from '../../src/model/cpu/x86-models.ts';
import {type CanonicalOption, parseOption} from './argv-option.ts';

/** What libvirt says for every guest and is QEMU's default, or belongs to how a daemon runs it, not to the guest. */
const DAEMON_FLAGS = new Set([
  '-overcommit',
  '-no-shutdown',
  '-action',
  '-no-reboot',
  '-add-fd',
  '-pidfile',
  '-display',
]);
const MONITOR_IDS = new Set(['charmonitor', 'charusermonitor', 'monitor', 'usermonitor', 'masterKey0']);
const DAEMON_MACHINE_KEYS = ['usb', 'dump-guest-core'];

/**
 * A command line reduced to what it means: each option as one text, sorted. Block nodes and secrets stand where they are
 * used, so that their names do not count; what is QEMU's default, and what is the daemon's own, is left out.
 */
export function canonicalArgv(words: readonly string[]): readonly string[] {
  const options = mergeUsb(mergeMachine(pairWords(words).map(([flag, value]) => parseOption(flag, value))));
  const kept = options.filter(option => !isDaemons(option));
  const withoutRam = dropPlainRam(kept).map(dropDefaults);
  return inlineReferences(withoutRam)
    .map(option => `${option.flag} ${describe(option)}`)
    .toSorted();
}

function pairWords(words: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < words.length; at++) {
    const [flag, next] = [words[at] ?? '', words[at + 1]];
    const hasValue = next !== undefined && (!next.startsWith('-') || !/^-[a-z]/i.test(next));
    pairs.push([flag, hasValue ? next : '']);
    if (hasValue) at++;
  }
  return pairs;
}

/** `-accel` and `-no-acpi` are parts of `-machine` in another spelling. */
function mergeMachine(options: readonly CanonicalOption[]): readonly CanonicalOption[] {
  const accel = options.find(({flag}) => flag === '-accel');
  const noAcpi = options.some(({flag}) => flag === '-no-acpi');
  return options
    .filter(({flag}) => flag !== '-accel' && flag !== '-no-acpi')
    .map(option => {
      if (option.flag !== '-machine') return option;
      const props = new Map(option.props);
      for (const key of DAEMON_MACHINE_KEYS) if (props.get(key) === 'off') props.delete(key);
      for (const [key, value] of accel?.props ?? []) props.set(key === 'accel' ? 'accel' : `accel.${key}`, value);
      if (noAcpi) props.set('acpi', 'off');
      return {...option, props};
    });
}

/** `-usb` adds the controller of an i440FX board, which has one place there. Source: QEMU 8.0, hw/i386/pc_piix.c. */
function mergeUsb(options: readonly CanonicalOption[]): readonly CanonicalOption[] {
  const usual = new Map([
    ['driver', 'piix3-usb-uhci'],
    ['id', 'usb'],
    ['bus', 'pci.0'],
    ['addr', '0x1.0x2'],
  ]);
  return options.map(option => (option.flag === '-usb' ? {flag: '-device', props: usual} : option));
}

function isDaemons({flag, props}: CanonicalOption): boolean {
  return DAEMON_FLAGS.has(flag) || MONITOR_IDS.has(props.get('id') ?? '');
}

/** `-m` alone already gives the board its plain memory. */
function dropPlainRam(options: readonly CanonicalOption[]): readonly CanonicalOption[] {
  const board = options.find(({flag}) => flag === '-machine')?.props.get('memory-backend');
  const isPlain = ({flag, props}: CanonicalOption) =>
    flag === '-object' &&
    props.get('id') === board &&
    props.get('qom-type') === 'memory-backend-ram' &&
    props.size === 3;
  if (board === undefined || !options.some(isPlain)) return options;
  return options
    .filter(option => !isPlain(option))
    .map(option => (option.flag === '-machine' ? without(option, ['memory-backend']) : option));
}

function without(option: CanonicalOption, keys: readonly string[]): CanonicalOption {
  return {...option, props: new Map([...option.props].filter(([key]) => !keys.includes(key)))};
}

/** One socket for each processor is what `-smp N` means. */
function dropDefaults(option: CanonicalOption): CanonicalOption {
  const {flag, props} = option;
  // A server's socket is where the daemon wants it, or is handed over open.
  if (flag === '-chardev' && props.get('server') === 'on') return without(option, ['fd', 'path']);
  if (flag === '-vnc') return without(option, ['to']); // the driver chooses the port before
  if (flag === '-netdev' && props.get('type') === 'tap') return openTap(option);
  if (props.has('vhostfd')) return without(option, ['vhostfd']);
  if (flag === '-cpu') return without(option, plainFeatures(props));
  if (flag !== '-smp') return option;
  const usual = {sockets: props.get('maxcpus') ?? props.get('cpus'), dies: '1', cores: '1', threads: '1'};
  const isUsual = Object.entries(usual).every(([key, value]) => (props.get(key) ?? value) === value);
  return isUsual ? without(option, Object.keys(usual)) : option;
}

/** What a named processor has for certain need not be said. */
function plainFeatures(props: CanonicalOption['props']): readonly string[] {
  const [first] = props.keys();
  const model = x86Models().find(({name}) => name === first);
  return [...props].flatMap(([name, value]) => (value === 'on' && model?.features.has(name) ? [name] : []));
}

/** libvirt hands over tap devices open, each queue of one; by its name or open, it is the same device. */
function openTap(option: CanonicalOption): CanonicalOption {
  const fds = option.props.get('fds')?.split(':').length;
  const props = new Map(option.props);
  if (fds !== undefined) props.set('queues', String(fds));
  return without({...option, props}, ['fd', 'fds', 'ifname', 'script', 'downscript', 'vhostfd', 'vhostfds']);
}

const REFERENCES = new Set(['file', 'backing', 'drive', 'pflash0', 'pflash1']);
const SECRET_KEYS = /(^|\.)(password-secret|key-secret|passwordid)$/;

/** Puts the meaning of every block node where its name was. */
function inlineReferences(options: readonly CanonicalOption[]): readonly CanonicalOption[] {
  const nodes = new Map(
    options.flatMap(option => {
      const name = option.flag === '-blockdev' ? option.props.get('node-name') : undefined;
      return name === undefined ? [] : [[name, without(option, ['node-name'])] as const];
    }),
  );
  const resolve = (option: CanonicalOption): CanonicalOption => ({
    ...option,
    props: new Map([...option.props].map(([key, value]) => [key, resolved(key, value)])),
  });
  const resolved = (key: string, value: string): string => {
    if (SECRET_KEYS.test(key)) return 'SECRET';
    const node = REFERENCES.has(key) ? nodes.get(value) : undefined;
    return node ? `{${describe(resolve(node))}}` : value;
  };
  return options.filter(option => option.flag !== '-blockdev' && !isSecret(option)).map(resolve);
}

function isSecret({flag, props}: CanonicalOption): boolean {
  return flag === '-object' && props.get('qom-type') === 'secret';
}

function describe({props}: CanonicalOption): string {
  return [...props]
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(' ');
}
