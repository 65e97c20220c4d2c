import {claimChardev} from '../chardevs/ports.ts';
import type {Directory} from '../directory.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';
import {takeVirtioModel, takeVirtioOptions, type VirtioModel} from './virtio-device.ts';

/** libvirt's words for QEMU's. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildFSStr. */
const ACCESS_MODES = {
  passthrough: 'passthrough',
  mapped: 'mapped',
  'mapped-xattr': 'mapped',
  none: 'squash',
} as const;

/** `-fsdev`: kept for the device that names it. */
export function readFsdev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'fsdriver');
  const id = bag.take('id');
  const directory = takeDirectory(bag);
  if (id === undefined || !directory || bag.rest.length > 0) draft.keep(arg);
  else draft.fsdevs.set(id, {backend: directory, arg, used: false});
}

/** `-virtfs`: the directory and its device in one. */
export function readVirtfs(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'fsdriver');
  const target = bag.take('mount_tag');
  bag.drop('id');
  const directory = takeDirectory(bag);
  if (target === undefined || !directory || bag.rest.length > 0) draft.keep(arg);
  else draft.devices.push({kind: 'filesystem', type: 'mount', ...directory, target});
}

/** A directory of the host; undefined where libvirt has no word for how it is shared. */
function takeDirectory(bag: OptionBag): Directory | undefined {
  const driver = bag.take('fsdriver');
  const dir = bag.take('path');
  const security = bag.takeWord('security_model', ['passthrough', 'mapped', 'mapped-xattr', 'none']);
  // By handles there is one way only, which has no name.
  const isHandle = driver === 'handle' && security === undefined;
  if (dir === undefined || !dir.startsWith('/') || !(isHandle || (driver === 'local' && security))) return undefined;
  const wrpolicy = bag.takeWord('writeout', ['immediate']);
  const type = isHandle ? ('handle' as const) : wrpolicy && ('path' as const);
  return {
    accessmode: ACCESS_MODES[security ?? 'passthrough'],
    readonly: bag.takeSwitch('readonly') ?? false,
    source: {dir},
    ...omitUndefined({
      fmode: octal(bag, 'fmode'),
      dmode: octal(bag, 'dmode'),
      multidevs: bag.takeWord('multidevs', ['remap', 'forbid', 'warn']),
      driver: type && {type, ...omitUndefined({wrpolicy})},
    }),
  };
}

function octal(bag: OptionBag, key: string): string | undefined {
  return /^[0-7]{1,4}$/.test(bag.peek(key) ?? '') ? bag.take(key) : undefined;
}

function ownModel(model: VirtioModel | undefined, bag: OptionBag) {
  const own = takeVirtioModel(model ?? 'virtio', bag);
  return own === 'virtio' ? {} : {model: own};
}

/** A directory over 9p. */
const ninePfs: DeviceReader = ({bag, model}, draft) => {
  const directory = draft.fsdevs.get(bag.peek('fsdev') ?? '');
  const target = bag.peek('mount_tag');
  if (!directory || target === undefined) return false;
  directory.used = true;
  bag.take('fsdev');
  bag.take('mount_tag');
  const driver = {...directory.backend.driver, ...takeVirtioOptions(bag)};
  draft.devices.push({
    kind: 'filesystem',
    type: 'mount',
    ...directory.backend,
    ...ownModel(model, bag),
    ...(Object.keys(driver).length > 0 ? {driver} : {}),
    target,
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

/** A directory that a daemon shares, over its socket. */
const virtiofs: DeviceReader = ({bag, model}, draft) => {
  const socket = draft.chardevs.get(bag.peek('chardev') ?? '')?.backend?.source;
  const target = bag.peek('tag');
  if (socket?.type !== 'unix' || socket.path === undefined || target === undefined) return false;
  claimChardev(bag.take('chardev'), draft);
  bag.take('tag');
  const queue = bag.takeNumber('queue-size');
  draft.devices.push({
    kind: 'filesystem',
    type: 'mount',
    accessmode: 'passthrough',
    readonly: false,
    ...ownModel(model, bag),
    driver: {type: 'virtiofs', ...omitUndefined({queue}), ...takeVirtioOptions(bag)},
    source: {socket: socket.path},
    target,
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

export const FILESYSTEM_DEVICES: DeviceReaders = {'virtio-9p': ninePfs, 'vhost-user-fs': virtiofs};
