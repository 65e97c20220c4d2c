import {attr, list, textChild} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf, text, yesNo} from '../fields/scalar.ts';

const deviceShape = {
  model: attr('model', text),
  labelskip: attr('labelskip', yesNo),
  relabel: attr('relabel', yesNo),
  label: textChild('label', text),
};

/** `<seclabel>` of one file or device. */
export const deviceSeclabels = list('seclabel', record(deviceShape));

const shape = {
  type: attr('type', oneOf('dynamic', 'static', 'none')),
  model: attr('model', text),
  relabel: attr('relabel', yesNo),
  label: textChild('label', text),
  imagelabel: textChild('imagelabel', text),
  baselabel: textChild('baselabel', text),
};

/** How a domain is confined, once for each security driver. Source: libvirt 9.0.0, docs/formatdomain, "Security label". */
export type SeclabelDef = RecordOf<typeof shape>;
export const seclabels = list('seclabel', record(shape));
