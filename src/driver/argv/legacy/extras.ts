import type {DeviceKind} from '../../../model/devices/device-def.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type QemuArg, textArg} from '../qemu-arg.ts';
import {cannotGive} from './refuse.ts';

const SOUND_CARDS: readonly string[] = ['sb16', 'es1370', 'pcspk', 'ac97'];

/** All sound cards in one `-soundhw`. */
export function buildLegacySound(input: ArgvInput): QemuArg[] {
  const models = devicesOf(input.def, 'sound').map(({model}) => model as string);
  const unknown = models.find(model => !SOUND_CARDS.includes(model));
  if (unknown !== undefined) throw cannotGive(`sound card '${unknown}'`, 'this emulator has none', input);
  return models.length === 0 ? [] : [textArg('-soundhw', models.join(','))];
}

/** The watchdog and what it does; an emulator has one. */
export function buildLegacyWatchdog(input: ArgvInput): QemuArg[] {
  const [watchdog, second] = devicesOf(input.def, 'watchdog');
  if (watchdog === undefined) return [];
  if (second) throw cannotGive('second watchdog', 'this emulator has one', input);
  const {model, action} = watchdog;
  if (model === 'diag288' || action === 'dump' || action === 'inject-nmi') {
    throw cannotGive('watchdog', `this emulator has no ${model === 'diag288' ? model : `action '${action}'`}`, input);
  }
  return [textArg('-watchdog', model), textArg('-watchdog-action', action)];
}

/** `-balloon none`, where the emulator would make one by itself. */
export function buildLegacyBalloon({def, caps}: ArgvInput): QemuArg[] {
  const isNone = devicesOf(def, 'memballoon').some(({model}) => model === 'none');
  return isNone && caps.flags.has('balloon') ? [textArg('-balloon', 'none')] : [];
}

/** Where the guest's state comes from. A stream on the standard input has had two names. */
export function buildLegacyIncoming(input: ArgvInput): QemuArg[] {
  const from = input.settings?.migrateFrom;
  if (from === undefined) return [];
  const {flags} = input.caps;
  const word = from === 'stdio' && flags.has('incoming-exec') ? 'exec:cat' : from;
  const scheme = /^(stdio$|exec:|tcp:)/.exec(word)?.[1]?.replace(':', '');
  if ((scheme !== 'stdio' && scheme !== 'exec' && scheme !== 'tcp') || !flags.has(`incoming-${scheme}`)) {
    throw cannotGive(`state from '${from}'`, 'this emulator cannot read it from there', input);
  }
  return [textArg('-incoming', word)];
}

/** Kinds that no option of these emulators makes. */
const UNKNOWN_KINDS: readonly DeviceKind[] = [
  'lease',
  'filesystem',
  'smartcard',
  'tpm',
  'redirdev',
  'hub',
  'rng',
  'nvram',
  'panic',
  'shmem',
  'memory',
  'crypto',
  'iommu',
  'vsock',
];

/** @throws {VirtError} CONFIG_UNSUPPORTED for the first device that the emulator cannot be told of */
export function refuseUnknownDevices(input: ArgvInput): void {
  const unknown = input.def.devices.find(({kind}) => UNKNOWN_KINDS.includes(kind));
  if (unknown) throw cannotGive(`<${unknown.kind}>`, 'this emulator has no such device', input);
}
