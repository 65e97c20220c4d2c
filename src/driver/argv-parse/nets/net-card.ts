import type {GuestNic} from '../../../model/devices/interface.ts';
import {takeDeviceBase} from '../devices/device-place.ts';
import type {DeviceOption, DeviceReader, DeviceReaders} from '../devices/device-reader.ts';
import {takeVirtioModel, takeVirtioOptions} from '../devices/virtio-device.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NetCard} from '../net-backend.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {addCard, addLooseCard, type CardMore} from './nets.ts';

type Driver = NonNullable<GuestNic['driver']>;

/** A network card of `-device`, with the backend that it names. */
export const NET_CARD: DeviceReader = (option, draft) => {
  const netdev = option.bag.peek('netdev') ?? '';
  if (!draft.netdevs.has(netdev)) return false;
  option.bag.take('netdev');
  const {card, more} = takeCard(option, draft);
  return addCard(netdev, card, draft, more);
};

/** A card that names no backend; one of before `-netdev` meets its own on a number, which the XML cannot say. */
const LOOSE_CARD: DeviceReader = (option, draft) => {
  if (option.bag.peek('vlan') !== undefined) return false;
  const {card, more} = takeCard(option, draft);
  addLooseCard(card, draft, more);
  return true;
};

/** The adapters of PCs and other boards, for those that are connected with nothing. Source: QEMU 7.2, `-device help`, "Network devices". */
const ADAPTERS = [
  'virtio-net e1000 e1000-82544gc e1000-82545em e1000e i82550 i82551 i82557a i82557b i82557c i82558a i82558b i82559a',
  'i82559b i82559c i82559er i82562 i82801 ne2k_isa ne2k_pci pcnet rtl8139 spapr-vlan sungem tulip usb-net vmxnet3',
].flatMap(line => line.split(' '));

export const LOOSE_CARDS: DeviceReaders = Object.fromEntries(ADAPTERS.map(name => [name, LOOSE_CARD]));

function takeCard(
  {name, model, bag}: DeviceOption,
  draft: NativeDraft,
): {readonly card: NetCard; readonly more: CardMore} {
  const mac = bag.take('mac');
  const card = omitUndefined({mac, model: model ? takeVirtioModel(model, bag) : name});
  const mtu = model ? bag.takeNumber('host_mtu') : undefined;
  const driver = model ? takeDriver(bag) : undefined;
  const teaming = model && bag.takeSwitch('failover') === true ? ({type: 'persistent'} as const) : undefined;
  // As many vectors as the queues need.
  if (bag.takeSwitch('mq') !== undefined) bag.drop('vectors');
  return {card, more: omitUndefined({mtu, driver, teaming, ...takeDeviceBase(bag, draft)})};
}

/** What only a virtio adapter understands; the inverse of what a start is told. */
function takeDriver(bag: OptionBag): Driver | undefined {
  const host = omitUndefined({
    csum: bag.takeSwitch('csum'),
    gso: bag.takeSwitch('gso'),
    tso4: bag.takeSwitch('host_tso4'),
    tso6: bag.takeSwitch('host_tso6'),
    ecn: bag.takeSwitch('host_ecn'),
    ufo: bag.takeSwitch('host_ufo'),
    mrgRxbuf: bag.takeSwitch('mrg_rxbuf'),
  });
  const guest = omitUndefined({
    csum: bag.takeSwitch('guest_csum'),
    tso4: bag.takeSwitch('guest_tso4'),
    tso6: bag.takeSwitch('guest_tso6'),
    ecn: bag.takeSwitch('guest_ecn'),
    ufo: bag.takeSwitch('guest_ufo'),
  });
  const tx = bag.takeWord('tx', ['bh', 'timer']);
  const driver = omitUndefined({
    txmode: tx === undefined ? undefined : tx === 'bh' ? ('iothread' as const) : ('timer' as const),
    ioeventfd: bag.takeSwitch('ioeventfd'),
    eventIdx: bag.takeSwitch('event_idx'),
    rxQueueSize: bag.takeNumber('rx_queue_size'),
    txQueueSize: bag.takeNumber('tx_queue_size'),
    rss: bag.takeSwitch('rss'),
    rssHashReport: bag.takeSwitch('hash'),
    ...takeVirtioOptions(bag),
    host: orNothing(host),
    guest: orNothing(guest),
  });
  return orNothing(driver);
}

function orNothing<T extends object>(record: T): T | undefined {
  return Object.keys(record).length > 0 ? record : undefined;
}
