import {addressOfType} from '../../../model/devices/address.ts';
import type {ChannelDef, ParallelDef, RedirdevDef} from '../../../model/devices/channel.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, jsonArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {buildChardevBackend} from './chardev-backend.ts';
import {VIRTIO_SERIAL_ID} from './controllers.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {controllerId, usbPlace} from './device-place.ts';

/** A port for the guest's agents, or a TCP port of user networking that leads to the host's side. */
export function buildChannelArgs(channel: ChannelDef, input: ArgvInput): readonly QemuArg[] {
  const {target} = channel;
  checkChannel(channel, input);
  const {args, id} = buildChardevBackend(channel, input);
  if (target.type === 'guestfwd') {
    const forward = `tcp:${target.address}:${target.port}-chardev:${id}`;
    return [...args, jsonArg('-netdev', {type: 'user', guestfwd: [{str: forward}], id: aliasOf(channel)})];
  }
  const driver = chooseDriver(['virtserialport'], 'virtio channel', input);
  const name = target.name ?? (channel.source.type === 'spicevmc' ? SPICE_AGENT : undefined);
  return [...args, deviceArg(driver, {...portPlace(channel, input), chardev: id, id: aliasOf(channel), name})];
}

/** The port that agents of SPICE listen on in the guest. */
const SPICE_AGENT = 'com.redhat.spice.0';

function checkChannel({target, source}: ChannelDef, input: ArgvInput): void {
  const refused = (why: string, hint: string) => refusal('channel', why, hint, input);
  if (target.type === 'xen') throw refused('one to Xen needs Xen', "give it <target type='virtio'/>");
  if (source.type !== 'spicevmc') return;
  if (target.type !== 'virtio') throw refused("'spicevmc' is for virtio ports", "give it <target type='virtio'/>");
  if (target.name !== undefined && target.name !== SPICE_AGENT) {
    throw refused(`'spicevmc' has the name '${SPICE_AGENT}'`, 'correct the name, or leave it out');
  }
}

/** `bus=` and `nr=` of a virtio port; nothing where QEMU chooses. */
export function portPlace(port: Pick<ChannelDef, 'address'>, input: ArgvInput): OptionRecord {
  const address = addressOfType(port, 'virtio-serial');
  if (!address) return {};
  const id = controllerId(input, 'virtio-serial', address.controller) ?? VIRTIO_SERIAL_ID;
  return {bus: `${id}.${address.bus}`, nr: address.port};
}

/** A parallel port of a PC. */
export function buildParallelArgs(parallel: ParallelDef, input: ArgvInput): readonly QemuArg[] {
  const {args, id} = buildChardevBackend(parallel, input);
  const driver = chooseDriver(['isa-parallel'], 'parallel port', input);
  // QEMU numbers them in their order; one that is out of order has to say its number.
  const position = devicesOf(input.def, 'parallel').indexOf(parallel);
  const index = parallel.target?.port === position ? undefined : parallel.target?.port;
  return [...args, deviceArg(driver, {chardev: id, id: aliasOf(parallel), index})];
}

/** A USB device that comes over a channel, with the rules about which may. */
export function buildRedirdevArgs(redirdev: RedirdevDef, input: ArgvInput): readonly QemuArg[] {
  const {args, id} = buildChardevBackend(redirdev, input);
  const driver = chooseDriver(['usb-redir'], 'redirected USB device', input);
  const options = {
    chardev: id,
    id: aliasOf(redirdev),
    filter: filterRules(input),
    bootindex: redirdev.boot?.order,
    ...usbPlace(redirdev, input),
  };
  return [...args, deviceArg(driver, options)];
}

/** `class:vendor:product:version:allow`, joined by `|`; -1 fits everything. */
function filterRules({def}: ArgvInput): string | undefined {
  const rules = devicesOf(def, 'redirfilter').flatMap(filter => filter.rules ?? []);
  if (rules.length === 0) return undefined;
  const hex = (value: number | undefined, digits: number) =>
    value === undefined ? '-1' : `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
  return rules
    .map(rule => {
      const version = versionNumber(rule.version);
      return [hex(rule.class, 2), hex(rule.vendor, 4), hex(rule.product, 4), hex(version, 4), rule.allow ? 1 : 0].join(
        ':',
      );
    })
    .join('|');
}

/** `1.10` is 0x0110. */
function versionNumber(version: string | undefined): number | undefined {
  if (version === undefined) return undefined;
  const [major = '0', minor = '0'] = version.split('.');
  return Number.parseInt(major, 16) * 256 + Number.parseInt(minor.padEnd(2, '0'), 16);
}
