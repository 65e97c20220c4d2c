import type {DiskDef} from '../../../model/devices/disk.ts';
import {DISK_CACHES, DISK_FORMATS} from '../../../model/devices/disk.ts';
import type {DiskDriver} from '../../../model/devices/disk-driver.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {OptionValueError} from '../option-value-error.ts';
import {ownProperty} from '../own-property.ts';
import {shortened} from '../split-native.ts';
import {withMonitors} from './ceph-monitors.ts';
import {type NamedSource, parseFileName} from './file-source.ts';
import {takeIotune} from './iotune.ts';

/** Ends of file names that say the format where `-drive` does not: an emulator would find it out by itself. */
const ENDINGS: Readonly<Record<string, DiskDriver['format']>> = {
  qcow2: 'qcow2',
  qcow: 'qcow',
  qed: 'qed',
  vmdk: 'vmdk',
  vdi: 'vdi',
  vpc: 'vpc',
};

/** The words of `cache=` that are none of libvirt's. Source: QEMU 0.9.1, vl.c, and libvirt 4.5.0, qemu_parse_command.c. */
const OLD_CACHES: Readonly<Record<string, NonNullable<DiskDriver['cache']>>> = {off: 'none', on: 'writeback'};

/** Reads what `-drive` says of the image; what it says of the place in the guest stays in the bag. */
export function takeDriveBackend(arg: NativeArg, bag: OptionBag, draft: NativeDraft): DriveBackend {
  const file = bag.take('file', 'file.filename');
  const named = file === undefined || file === '' ? undefined : readFile(arg, file, draft);
  const media = bag.takeWord('media', ['disk', 'cdrom']) ?? 'disk';
  const readonly = bag.takeSwitch('readonly') ?? bag.takeSwitch('read-only') ?? false;
  // Options of a 2009 emulator (boot=on) and of the protocol's library (debug) that a definition does without.
  bag.drop('boot', 'file.debug', 'debug', 'file.driver', 'auto-read-only');
  return omitUndefined({
    source: named?.source,
    auth: named?.auth,
    driver: takeDriver(arg, bag, file, draft),
    media,
    readonly: readonly || named?.readonly === true || media === 'cdrom',
    serial: bag.take('serial'),
    transient: bag.takeSwitch('snapshot') || undefined,
    iotune: takeIotune(bag),
    geometry: takeGeometry(bag),
  });
}

function readFile(arg: NativeArg, file: string, draft: NativeDraft): NamedSource {
  const named = parseFileName(file, path => draft.path(arg, path));
  if (!named) throw new OptionValueError(`'${shortened(file)}' does not name an image as its protocol wants it`);
  if (named.hasPassword) {
    draft.note(arg, 'a definition holds no password: store it as a secret and name it in <secret>');
  }
  return {...named, source: withMonitors(named.source, draft.environment)};
}

function takeDriver(arg: NativeArg, bag: OptionBag, file: string | undefined, draft: NativeDraft): DiskDriver {
  return omitUndefined({
    format: takeFormat(arg, bag, file, draft),
    cache: takeCache(bag),
    ...takeErrorPolicies(bag),
    io: bag.takeWord('aio', ['native', 'threads', 'io_uring']),
    copyOnRead: bag.takeSwitch('copy-on-read'),
    discard: takeDiscard(bag),
    detectZeroes: bag.takeWord('detect-zeroes', ['off', 'on', 'unmap']),
  });
}

function takeFormat(
  arg: NativeArg,
  bag: OptionBag,
  file: string | undefined,
  draft: NativeDraft,
): DiskDriver['format'] {
  if (file?.startsWith('fat:')) return 'fat';
  const word = bag.takeWord('format', DISK_FORMATS) ?? bag.takeWord('driver', DISK_FORMATS);
  if (word !== undefined) return word;
  const ending = ownProperty(ENDINGS, /\.([a-z0-9]+)$/.exec(file ?? '')?.[1]);
  if (ending === undefined) return 'raw';
  draft.note(arg, `no format is given for '${file}': taken for ${ending} because of its name`);
  return ending;
}

function takeCache(bag: OptionBag): DiskDriver['cache'] {
  const word = bag.takeWord('cache', DISK_CACHES);
  if (word !== undefined) return word;
  const old = ownProperty(OLD_CACHES, bag.peek('cache'));
  if (old !== undefined) {
    bag.take('cache');
    return old;
  }
  return takeCacheSwitches(bag);
}

/** The three switches that a word of `cache=` stands for. Source: QEMU 7.2, qemu-options.hx, "-drive cache". */
export function takeCacheSwitches(bag: OptionBag): DiskDriver['cache'] {
  const direct = bag.takeSwitch('cache.direct');
  const noFlush = bag.takeSwitch('cache.no-flush');
  const writeback = bag.takeSwitch('cache.writeback');
  if (direct === undefined && noFlush === undefined && writeback === undefined) return undefined;
  if (noFlush) return 'unsafe';
  if (direct) return writeback === false ? 'directsync' : 'none';
  return writeback === false ? 'writethrough' : 'writeback';
}

/** One policy is for both directions in the XML. Source: libvirt 4.5.0, qemu_parse_command.c, qemuParseCommandLineDisk. */
export function takeErrorPolicies(bag: OptionBag): Pick<DiskDriver, 'errorPolicy' | 'rerrorPolicy'> {
  const write = bag.takeWord('werror', ['stop', 'report', 'ignore', 'enospc', 'auto']);
  const read = bag.takeWord('rerror', ['stop', 'report', 'ignore', 'auto']);
  const errorPolicy = write === 'enospc' ? 'enospace' : write === 'auto' ? undefined : write;
  const rerrorPolicy = read === errorPolicy || read === 'auto' ? undefined : read;
  return omitUndefined({errorPolicy, rerrorPolicy});
}

/** `unmap`, or its other name. */
export function takeDiscard(bag: OptionBag): DiskDriver['discard'] {
  const word = bag.takeWord('discard', ['unmap', 'ignore', 'on', 'off']);
  return word === 'on' ? 'unmap' : word === 'off' ? 'ignore' : word;
}

/** @param translationKey  the name of the property, which on a device is another one */
export function takeGeometry(bag: OptionBag, translationKey = 'trans'): DiskDef['geometry'] {
  const cylinders = bag.takeNumber('cyls');
  const heads = bag.takeNumber('heads');
  const sectors = bag.takeNumber('secs');
  const translation = bag.takeWord(translationKey, ['none', 'auto', 'lba']);
  if (cylinders === undefined && translation === undefined) return undefined;
  return omitUndefined({cylinders, heads, sectors, translation});
}
