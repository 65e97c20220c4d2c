import {USER_ALIAS_PREFIX} from '../../../model/devices/device-base.ts';
import type {DeviceDef} from '../../../model/devices/device-def.ts';
import type {QemuOverride} from '../../../model/domain/qemu-namespace.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {LOOSE_CARDS, NET_CARD} from '../nets/net-card.ts';
import type {OptionPair} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {parseOption} from '../parse-option.ts';
import {shortened} from '../split-native.ts';
import {CHARDEV_DEVICES} from './chardev-device.ts';
import {readController} from './controllers.ts';
import type {DeviceOption, DeviceReaders} from './device-reader.ts';
import {DISK_DEVICES} from './disk-device.ts';
import {FILESYSTEM_DEVICES} from './filesystem-device.ts';
import {HOST_DEVICES} from './host-device.ts';
import {MEMORY_DEVICES} from './memory-device.ts';
import {RNG_DEVICES} from './rng-device.ts';
import {SHARED_DEVICES} from './shared-devices.ts';
import {SIMPLE_DEVICES} from './simple-devices.ts';
import {SMARTCARD_DEVICES} from './smartcard-device.ts';
import {SOUND_DEVICES} from './sound-device.ts';
import {SYSTEM_DEVICES} from './system-devices.ts';
import {VIDEO_DEVICES} from './video-device.ts';
import {virtioName} from './virtio-device.ts';

const READERS: DeviceReaders = {
  ...CHARDEV_DEVICES,
  ...DISK_DEVICES,
  ...FILESYSTEM_DEVICES,
  ...HOST_DEVICES,
  ...LOOSE_CARDS,
  ...MEMORY_DEVICES,
  ...RNG_DEVICES,
  ...SHARED_DEVICES,
  ...SIMPLE_DEVICES,
  ...SMARTCARD_DEVICES,
  ...SOUND_DEVICES,
  ...SYSTEM_DEVICES,
  ...VIDEO_DEVICES,
};

/** `-device`, once every backend is known; one that is not understood is kept, with what it names. */
export function addDevice(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'driver');
  const driver = bag.take('driver') ?? '';
  const virtio = virtioName(driver);
  const option: DeviceOption = {name: virtio?.base ?? driver, model: virtio?.model, bag, arg};
  const [errors, before] = [draft.problems.errorCount, draft.devices.length];
  if (!readAny(driver, option, draft)) draft.keep(arg);
  else if (draft.problems.errorCount === errors) keepProperties(option, before, draft);
}

function readAny(driver: string, option: DeviceOption, draft: NativeDraft): boolean {
  if (option.bag.peek('netdev') !== undefined) return NET_CARD(option, draft);
  const read = ownProperty(READERS, driver) ?? ownProperty(READERS, option.name);
  return read ? read(option, draft) : readController(driver, option.bag, draft);
}

/** Properties that the XML has no word for are those of the device in `<qemu:override>`, under an alias. */
function keepProperties({bag, arg}: DeviceOption, before: number, draft: NativeDraft): void {
  const device = draft.devices[before];
  if (bag.rest.length === 0) return;
  if (device === undefined || !canBeNamed(device)) {
    draft.warnRest(arg, bag);
    return;
  }
  const alias = ('alias' in device ? device.alias : undefined) ?? newAlias(bag.peek('id') ?? device.kind, draft);
  draft.devices[before] = {...device, alias};
  draft.overrides.push({alias, frontend: bag.rest.map(propertyOf)});
  for (const {text} of bag.rest) {
    draft.warn(arg, `'${shortened(text)}' of -device is kept as <qemu:property>: the domain XML has no word for it`);
  }
}

/** The kinds that are no devices of the guest have no alias. */
type Nameless = Extract<DeviceDef, {readonly kind: 'audio' | 'graphics' | 'lease' | 'redirfilter'}>;

function canBeNamed(device: DeviceDef): device is Exclude<DeviceDef, Nameless> {
  return !['audio', 'graphics', 'lease', 'redirfilter'].includes(device.kind);
}

/** A user's alias that no device has yet. */
function newAlias(wish: string, draft: NativeDraft): string {
  const base = `${USER_ALIAS_PREFIX}${wish.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}`;
  const taken = new Set(draft.devices.flatMap(device => ('alias' in device ? (device.alias ?? []) : [])));
  let alias = base;
  for (let count = 2; taken.has(alias); count++) alias = `${base}-${count}`;
  return alias;
}

type Property = NonNullable<QemuOverride['frontend']>[number];

/** In JSON a property has a type; in pairs it is what it looks like. */
function propertyOf({key: name, value = 'on', type}: OptionPair): Property {
  if (type !== 'string' && (value === 'on' || value === 'off')) {
    return {name, type: 'bool', value: value === 'on' ? 'true' : 'false'};
  }
  if (type !== 'string' && /^-?\d{1,20}$/.test(value)) {
    return {name, type: value.startsWith('-') ? 'signed' : 'unsigned', value};
  }
  return {name, type: 'string', value};
}
