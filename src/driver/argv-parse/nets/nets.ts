import type {InterfaceDef} from '../../../model/devices/interface.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {NativeDraft, Pending} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import type {NetBackend, NetCard} from '../net-backend.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {takeNetBackend} from './net-backend-options.ts';

/** QEMU's first address of a card that names none, counted up by card. Source: QEMU 7.2, net/net.c, qemu_macaddr_default_if_unset. */
const FIRST_MAC = 0x525400123456;

/** `-netdev`: kept for the card that names it. */
export function readNetdev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type') ?? '';
  const id = bag.take('id');
  if (id === undefined) {
    draft.keep(arg, 'it has no id');
    return;
  }
  const backend = type === 'vhost-user' ? takeVhostUser(bag, draft) : takeNetBackend(type, bag);
  if (!backend) {
    draft.keep(arg);
    return;
  }
  draft.netdevs.set(id, {backend, arg, used: false});
  draft.warnRest(arg, bag);
}

/** Its socket is a character device, which must have been named before. */
function takeVhostUser(bag: OptionBag, draft: NativeDraft): NetBackend | undefined {
  const chardev = claimChardev(bag.take('chardev'), draft)?.source;
  if (chardev?.type !== 'unix' || chardev.path === undefined) return undefined;
  const mode = chardev.mode === 'bind' ? 'server' : 'client';
  const queues = bag.takeNumber('queues');
  return {
    type: 'vhostuser',
    source: {type: 'unix', path: chardev.path, mode},
    ...omitUndefined({driver: queues === undefined ? undefined : {queues}}),
  };
}

/** `-net`: a card or a backend of a number, `vlan`; `none` is nothing. */
export function readNet(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type') ?? '';
  const vlan = bag.takeNumber('vlan') ?? 0;
  bag.drop('name');
  if (type === 'none') {
    draft.warnRest(arg, bag);
    return;
  }
  if (type === 'nic') {
    const netdev = bag.take('netdev');
    const card = takeCard(bag);
    if (netdev === undefined) draft.vlanCards.push({vlan, card, arg});
    else if (!addCard(netdev, card, draft)) {
      draft.keep(arg, `the backend '${netdev}' is not known`);
      return;
    }
    draft.warnRest(arg, bag);
    return;
  }
  const backend = takeNetBackend(type, bag);
  if (!backend) {
    draft.keep(arg);
    return;
  }
  draft.vlanBackends.push({vlan, pending: {backend, arg, used: false}});
  draft.warnRest(arg, bag);
}

/** `-nic`: a card with its backend. */
export function readNic(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type') ?? '';
  if (type === 'none') return;
  bag.drop('id');
  const card = takeCard(bag);
  const backend = takeNetBackend(type, bag);
  if (!backend) {
    draft.keep(arg);
    return;
  }
  addInterface(backend, card, draft);
  draft.warnRest(arg, bag);
}

/** What every device has, of a card that is a `-device`. */
type CardBase = Pick<InterfaceDef, 'address' | 'boot' | 'alias'>;

function takeCard(bag: OptionBag): NetCard {
  return omitUndefined({mac: bag.take('macaddr', 'mac'), model: bag.take('model')});
}

/** Connects a card with the backend that it names; false when there is none. */
export function addCard(netdev: string, card: NetCard, draft: NativeDraft, more: CardBase = {}): boolean {
  const pending: Pending<NetBackend> | undefined = draft.netdevs.get(netdev);
  if (!pending) return false;
  pending.used = true;
  addInterface(pending.backend, card, draft, more);
  return true;
}

function addInterface(
  backend: NetBackend,
  card: NetCard,
  draft: NativeDraft,
  {address, boot, alias}: CardBase = {},
): void {
  const index = draft.devices.filter(device => device.kind === 'interface').length;
  const usual = (FIRST_MAC + index).toString(16).match(/../g)?.join(':') ?? '';
  const mac = (card.mac ?? usual).toLowerCase();
  draft.devices.push({
    kind: 'interface',
    ...backend,
    mac,
    ...omitUndefined({model: card.model, boot, alias, address}),
  });
}

/** Cards and backends of `-net` meet on their number, in order; what is left over is kept. */
export function pairVlans(draft: NativeDraft): void {
  for (const {vlan, card, arg} of draft.vlanCards) {
    const found = draft.vlanBackends.find(backend => backend.vlan === vlan && !backend.pending.used);
    if (found) {
      found.pending.used = true;
      addInterface(found.pending.backend, card, draft);
    } else {
      draft.keep(arg, `there is no backend with vlan=${vlan}`);
    }
  }
}
