import type {SmartcardDef} from '../../../model/devices/smartcard.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';
import {busIndex, takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';

/** What libvirt writes when no other database is named. Source: libvirt 9.0.0, src/conf/domain_conf.h, VIR_DOMAIN_SMARTCARD_DEFAULT_DATABASE. */
const USUAL_DATABASE = '/etc/pki/nssdb';

function smartcard(takeCard: (bag: OptionBag, draft: NativeDraft) => SmartcardDef['card'] | undefined): DeviceReader {
  return ({bag}, draft) => {
    const card = takeCard(bag, draft);
    if (!card) return false;
    draft.devices.push({kind: 'smartcard', card, ...takeSlot(bag, draft), ...takeDeviceBase(bag, draft)});
    return true;
  };
}

/** The reader that the card is in. */
function takeSlot(bag: OptionBag, draft: NativeDraft): Pick<SmartcardDef, 'address'> {
  const controller = busIndex(bag.peek('bus') ?? '', 'ccid', draft);
  if (controller === undefined) return {};
  bag.take('bus');
  const slot = bag.takeNumber('slot') ?? 0;
  return {address: {type: 'ccid', controller, slot}};
}

function takeEmulated(bag: OptionBag): SmartcardDef['card'] | undefined {
  const backend = bag.takeWord('backend', ['nss-emulated', 'certificates']);
  if (backend === 'nss-emulated') return {mode: 'host'};
  if (backend === undefined) return undefined;
  const certificates = ['cert1', 'cert2', 'cert3'].flatMap(key => bag.take(key) ?? []);
  const database = bag.take('db');
  return {
    mode: 'host-certificates',
    certificates,
    ...(database === undefined || database === USUAL_DATABASE ? {} : {database}),
  };
}

export const SMARTCARD_DEVICES: DeviceReaders = {
  'ccid-card-emulated': smartcard(takeEmulated),
  'ccid-card-passthru': smartcard((bag, draft) => {
    const source = claimChardev(bag.take('chardev'), draft)?.source;
    return source && {mode: 'passthrough', source};
  }),
};
