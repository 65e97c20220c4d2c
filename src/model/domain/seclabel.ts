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

/** The reader's defaults: a label is dynamic unless it is said, and files are relabelled for a dynamic one only. */
function withDefaults(label: SeclabelDef): SeclabelDef {
  const type = label.type ?? 'dynamic';
  return type === 'none' ? {...label, type} : {...label, type, relabel: label.relabel ?? type === 'dynamic'};
}

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
const seclabel = record(shape);
export const seclabels = list('seclabel', {
  ...seclabel,
  read: (reader, context) => {
    const label = seclabel.read(reader, context);
    return label && withDefaults(label);
  },
});
