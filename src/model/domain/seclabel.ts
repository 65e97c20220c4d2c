import {attr, child, list, ownTextOrNone} from '../fields/element-fields.ts';
import {type KindRules, ofKinds} from '../fields/kinds.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf, text, yesNo} from '../fields/scalar.ts';

const deviceShape = {
  model: attr('model', text),
  labelskip: attr('labelskip', yesNo),
  relabel: attr('relabel', yesNo),
  label: child('label', ownTextOrNone(text)),
};

const deviceRecord = record(deviceShape);

/** How one file or device of a domain is labelled, for one security driver or for all. */
export type DeviceSeclabel = RecordOf<typeof deviceShape>;

/** `<seclabel>` of one file or device: a label, or that there is none. */
export const deviceSeclabels = list('seclabel', {
  ...deviceRecord,
  read: (reader, context) => {
    const value = deviceRecord.read(reader, context);
    const isLabelled = reader.attribute('relabel') !== 'no' && reader.attribute('labelskip') !== 'yes';
    if (isLabelled && !reader.child('label')) reader.schemaError('<seclabel> is not complete: <label> is missing');
    return value;
  },
});

/** The reader's defaults: a label is dynamic unless it is said, and files are relabelled for a dynamic one only. */
function withDefaults(label: SeclabelDef): SeclabelDef {
  const type = label.type ?? 'dynamic';
  return type === 'none' ? {...label, type} : {...label, type, relabel: label.relabel ?? type === 'dynamic'};
}

const shape = {
  type: attr('type', oneOf('dynamic', 'static', 'none')),
  model: attr('model', text),
  relabel: attr('relabel', yesNo),
  label: child('label', ownTextOrNone(text)),
  imagelabel: child('imagelabel', ownTextOrNone(text)),
  baselabel: child('baselabel', ownTextOrNone(text)),
};

/** How a domain is confined, once for each security driver. Source: libvirt 9.0.0, docs/formatdomain, "Security label". */
export type SeclabelDef = RecordOf<typeof shape>;
/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, seclabel. */
const TYPES: KindRules = {
  dynamic: {may: ['label', 'imagelabel', 'baselabel'], words: {relabel: ['yes']}},
  static: {must: ['label'], may: ['imagelabel']},
  none: {words: {relabel: ['no']}},
};

const seclabel = ofKinds(record(shape), 'type', TYPES, 'dynamic');
export const seclabels = list('seclabel', {
  ...seclabel,
  read: (reader, context) => {
    const label = seclabel.read(reader, context);
    return label && withDefaults(label);
  },
});
