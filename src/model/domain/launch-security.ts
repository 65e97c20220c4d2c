import {attr, child, ownTextOrNone, required, textChild} from '../fields/element-fields.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {hex, integer, text, written, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';

const policy = written(hex(4, 0xffffffff), /^(?:0x)?[0-9a-f]+$/, 'a hexadecimal number in small letters');

/** Source: libvirt 9.0.0, docs/formatdomain, "Launch Security". */
const sevRecord = record({
  kernelHashes: attr('kernelHashes', yesNo),
  cbitpos: textChild('cbitpos', integer()),
  reducedPhysBits: textChild('reducedPhysBits', integer()),
  policy: required(textChild('policy', policy), '<policy>0x0001</policy>'),
  /** Both base64, as the owner of the guest has made them. */
  dhCert: child('dhCert', ownTextOrNone(text)),
  session: child('session', ownTextOrNone(text)),
});

/** The handle of a session is libvirt's own. */
const sev: typeof sevRecord = {
  ...sevRecord,
  read: (reader, context) => {
    reader.allowIdle('handle');
    return sevRecord.read(reader, context);
  },
};

/** `<launchSecurity>`: the guest's memory is hidden from its host. */
export const launchSecurityField = child('launchSecurity', variants('type', {sev, 's390-pv': record({})}));
export type LaunchSecurityDef = ValueOf<typeof launchSecurityField>;
