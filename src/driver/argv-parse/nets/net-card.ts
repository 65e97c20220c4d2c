import type {GuestNic} from '../../../model/devices/interface.ts';
import {takeDeviceBase} from '../devices/device-place.ts';
import type {DeviceReader} from '../devices/device-reader.ts';
import {takeVirtioModel, takeVirtioOptions} from '../devices/virtio-device.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {addCard} from './nets.ts';

type Driver = NonNullable<GuestNic['driver']>;

/** A network card of `-device`, with the backend that it names. */
export const NET_CARD: DeviceReader = ({name, model, bag}, draft) => {
  const netdev = bag.peek('netdev') ?? '';
  if (!draft.netdevs.has(netdev)) return false;
  bag.take('netdev');
  const mac = bag.take('mac');
  const card = omitUndefined({mac, model: model ? takeVirtioModel(model, bag) : name});
  const mtu = model ? bag.takeNumber('host_mtu') : undefined;
  const driver = model ? takeDriver(bag) : undefined;
  // As many vectors as the queues need.
  if (bag.takeSwitch('mq') !== undefined) bag.drop('vectors');
  const more = omitUndefined({mtu, driver, ...takeDeviceBase(bag, draft)});
  return addCard(netdev, card, draft, more);
};

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
