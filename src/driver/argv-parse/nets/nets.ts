import type {GuestNic} from '../../../model/devices/interface.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import type {NetBackend, NetCard} from '../net-backend.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {OptionValueError} from '../option-value-error.ts';
import {parseOption} from '../parse-option.ts';
import {addGuestForward} from './guest-forward.ts';
import {takeNetBackend} from './net-backend-options.ts';

/** QEMU's first address of a card that names none, counted up by card. Source: QEMU 7.2, net/net.c, qemu_macaddr_default_if_unset. */
const FIRST_MAC = 0x525400123456;

/** `-netdev`, once every `-chardev` is known: kept for the card that names it. */
export function addNetdev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type') ?? '';
  const id = bag.take('id');
  if (id === undefined) {
    draft.keep(arg, 'it has no id');
    return;
  }
  if (type === 'user' && addGuestForward(bag, draft)) return;
  const backend = type === 'vhost-user' ? takeVhostUser(bag, draft) : takeNetBackend(type, bag);
  if (backend && isWhole(arg, bag, draft)) draft.netdevs.set(id, {backend, arg, used: false});
  else if (!backend) draft.keep(arg);
}

/** A backend that says more than the XML can is kept, and with it the card that names it. */
function isWhole(arg: NativeArg, bag: OptionBag, draft: NativeDraft): boolean {
  const [more] = bag.rest;
  if (more) draft.keep(arg, `the domain XML has no word for its '${more.key}'`);
  return !more;
}

/** Its socket is a character device; nothing else says anything of it. */
function takeVhostUser(bag: OptionBag, draft: NativeDraft): NetBackend | undefined {
  const id = bag.take('chardev') ?? '';
  const chardev = draft.chardevs.get(id)?.backend?.source;
  const understood = bag.rest.every(({key}) => key === 'queues' || key === 'vhostforce');
  if (chardev?.type !== 'unix' || chardev.path === undefined || !understood) return undefined;
  claimChardev(id, draft);
  const mode = chardev.mode === 'bind' ? 'server' : 'client';
  const queues = bag.takeNumber('queues');
  bag.drop('vhostforce');
  return {
    type: 'vhostuser',
    source: {type: 'unix', path: chardev.path, mode, ...omitUndefined({reconnect: chardev.reconnect})},
    ...omitUndefined({driver: queues === undefined ? undefined : {queues}}),
  };
}

/** `-net`: a card or a backend of a number, `vlan`; `none` is nothing. */
export function readNet(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type') ?? '';
  const vlan = bag.takeNumber('vlan') ?? 0;
  bag.drop('name', 'id');
  if (type === 'none') {
    draft.warnRest(arg, bag);
    return;
  }
  if (type === 'nic') {
    draft.vlanCards.push({vlan, card: takeCard(bag), netdev: bag.take('netdev'), arg});
    draft.warnRest(arg, bag);
    return;
  }
  if (type === 'user' && addGuestForward(bag, draft)) return;
  const backend = takeNetBackend(type, bag);
  if (!backend) draft.keep(arg);
  else if (isWhole(arg, bag, draft)) draft.vlanBackends.push({vlan, pending: {backend, arg, used: false}});
}

/** `-nic`: a card with its backend. */
export function readNic(arg: NativeArg, draft: NativeDraft): void {
  draft.hasNic = true;
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type') ?? '';
  if (type === 'none') return;
  bag.drop('id');
  const card = takeCard(bag);
  const backend = takeNetBackend(type, bag);
  if (!backend) draft.keep(arg);
  else if (isWhole(arg, bag, draft)) addInterface(backend, card, draft);
}

/** What else a card that is a `-device` may have. */
export type CardMore = Pick<GuestNic, 'address' | 'boot' | 'alias' | 'rom' | 'acpi' | 'mtu' | 'driver' | 'teaming'>;

/** The emulator's names of the virtio card. */
const VIRTIO_CARDS: readonly string[] = ['virtio-net', 'virtio-net-pci', 'virtio-net-ccw', 'virtio-net-device'];

function takeCard(bag: OptionBag): NetCard {
  const model = bag.take('model');
  return omitUndefined({
    mac: bag.take('macaddr', 'mac'),
    model: model !== undefined && VIRTIO_CARDS.includes(model) ? 'virtio' : model,
  });
}

/** Connects a card with the backend that it names; false when there is none. */
export function addCard(netdev: string, card: NetCard, draft: NativeDraft, more: CardMore = {}): boolean {
  const pending = draft.netdevs.get(netdev);
  if (!pending) return false;
  pending.used = true;
  addInterface(pending.backend, card, draft, more);
  return true;
}

/** A card that is connected with nothing. */
export function addLooseCard(card: NetCard, draft: NativeDraft, more: CardMore): void {
  addInterface({type: 'null'}, card, draft, more);
}

function addInterface(backend: NetBackend, card: NetCard, draft: NativeDraft, more: CardMore = {}): void {
  const index = draft.devices.filter(device => device.kind === 'interface').length;
  const driver = {...backend.driver, ...more.driver};
  draft.devices.push({
    kind: 'interface',
    ...backend,
    ...more,
    mac: card.mac === undefined ? macOf(FIRST_MAC + index) : parseMac(card.mac),
    ...omitUndefined({model: card.model}),
    ...(Object.keys(driver).length > 0 ? {driver} : {}),
  });
}

function macOf(number: number): string {
  return number.toString(16).match(/../g)?.join(':') ?? '';
}

/** Six bytes with `:`, `-` or `.` between, of one card. Source: QEMU 7.2, net/net.c, net_parse_macaddr. */
function parseMac(text: string): string {
  const mac = text.toLowerCase().replaceAll(/[-.]/g, ':');
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)) throw new OptionValueError(`'${text}' is no MAC address`);
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) {
    throw new OptionValueError(`'${text}' is the MAC address of many cards`);
  }
  return mac;
}

/** Cards and backends of `-net` meet on their number, in order; what is left over is kept. */
export function addVlanCard({vlan, card, netdev, arg}: NativeDraft['vlanCards'][number], draft: NativeDraft): void {
  if (netdev !== undefined) {
    if (!addCard(netdev, card, draft)) draft.keep(arg, `the backend '${netdev}' is not known`);
    return;
  }
  const found = draft.vlanBackends.find(backend => backend.vlan === vlan && !backend.pending.used);
  if (found) {
    found.pending.used = true;
    addInterface(found.pending.backend, card, draft);
  } else {
    draft.keep(arg, `there is no backend with vlan=${vlan}`);
  }
}
