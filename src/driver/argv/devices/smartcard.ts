import {addressOfType} from '../../../model/devices/address.ts';
import type {SmartcardDef} from '../../../model/devices/smartcard.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {chardevArgs} from './chardev-backend.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {controllerId} from './device-place.ts';

/** A smart card, in the reader that is a controller. */
export function buildSmartcardArgs(smartcard: SmartcardDef, input: ArgvInput): readonly QemuArg[] {
  const {card} = smartcard;
  const id = aliasOf(smartcard);
  const controller = addressOfType(smartcard, 'ccid')?.controller ?? 0;
  const own = controllerId(input, 'ccid', controller);
  const reader =
    own === undefined ? [deviceArg(chooseDriver(['usb-ccid'], 'smart card reader', input), {id: 'ccid0'})] : [];
  const place = {id, bus: `${own ?? 'ccid0'}.0`};
  const emulated = (options: OptionRecord) =>
    deviceArg(chooseDriver(['ccid-card-emulated'], 'emulated smart card', input), {...options, ...place});
  switch (card.mode) {
    case 'host':
      return [...reader, emulated({backend: 'nss-emulated'})];
    case 'host-certificates': {
      const [cert1, cert2, cert3] = card.certificates;
      return [
        ...reader,
        emulated({backend: 'certificates', cert1, cert2, cert3, db: card.database ?? '/etc/pki/nssdb'}),
      ];
    }
    case 'passthrough': {
      const chardev = `char${id}`;
      const driver = chooseDriver(['ccid-card-passthru'], 'smart card of a channel', input);
      return [
        ...reader,
        ...chardevArgs('smartcard', chardev, card.source, input),
        deviceArg(driver, {chardev, ...place}),
      ];
    }
  }
}
