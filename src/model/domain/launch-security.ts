import {attr, child, required, textChild} from '../fields/element-fields.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {hex, integer, text, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';

/** Source: libvirt 9.0.0, docs/formatdomain, "Launch Security". */
const sev = record({
  kernelHashes: attr('kernelHashes', yesNo),
  cbitpos: textChild('cbitpos', integer()),
  reducedPhysBits: textChild('reducedPhysBits', integer()),
  policy: required(textChild('policy', hex(4, 0xffffffff)), '<policy>0x0001</policy>'),
  /** Both base64, as the owner of the guest has made them. */
  dhCert: textChild('dhCert', text),
  session: textChild('session', text),
});

/** `<launchSecurity>`: the guest's memory is hidden from its host. */
export const launchSecurityField = child('launchSecurity', variants('type', {sev, 's390-pv': record({})}));
export type LaunchSecurityDef = ValueOf<typeof launchSecurityField>;
