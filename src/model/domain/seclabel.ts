import {attr, child, list, ownTextOrNone} from '../fields/element-fields.ts';
import {type KindRules, ofKinds} from '../fields/kinds.ts';
import {whileLive} from '../fields/live.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf, text, yesNo} from '../fields/scalar.ts';
import type {ElementReader} from '../xml/element-reader.ts';

const deviceShape = {
  model: attr('model', text),
  /** The driver's own note that the file of a running domain cannot be labelled. */
  labelskip: whileLive(attr('labelskip', yesNo)),
  relabel: attr('relabel', yesNo),
  label: child('label', ownTextOrNone(text)),
};

const deviceRecord = record(deviceShape);

/** How one file or device of a domain is labelled, for one security driver or for all. */
export type DeviceSeclabel = RecordOf<typeof deviceShape>;

const deviceList = list('seclabel', {
  ...deviceRecord,
  read: (reader, context) => {
    const value = deviceRecord.read(reader, context);
    const isLabelled = reader.attribute('relabel') !== 'no' && reader.attribute('labelskip') !== 'yes';
    if (isLabelled && !reader.child('label')) reader.schemaError('<seclabel> is not complete: <label> is missing');
    if (!value) return value;
    if (value.relabel === false && value.label !== undefined)
      reader.error("<seclabel> has a <label> and relabel='no': the file gets one, or is left alone");
    return value.labelskip ? value : {...value, relabel: value.relabel ?? true};
  },
});

/** `<seclabel>` of one file or device: a label, or that it is left alone; at most one for each security model. */
export const deviceSeclabels: typeof deviceList = {
  ...deviceList,
  read: (reader, context) => {
    checkModels(reader.children('seclabel'));
    return deviceList.read(reader, context);
  },
  write: (values, into, context) => {
    // One that says nothing is left of a note of a running domain.
    const telling = values.filter(({label, relabel}) => context.live || label !== undefined || !relabel);
    deviceList.write(telling, into, context);
  },
};

/** Source: libvirt 9.0.0, src/conf/domain_conf.c, virSecurityLabelDefsParseXML and virSecurityDeviceLabelDefsParseXML. */
function checkModels(readers: readonly ElementReader[]): void {
  const seen = new Set<string>();
  for (const reader of readers) {
    const model = reader.attribute('model');
    if (model === undefined) continue;
    if (seen.has(model)) reader.error(`there is a second <seclabel> of the model '${model}'`, 'model');
    seen.add(model);
  }
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
const domainList = list('seclabel', {
  ...seclabel,
  read: (reader, context) => {
    const label = seclabel.read(reader, context);
    if (!label) return label;
    const made = withDefaults(label);
    checkRelabel(reader, made);
    return context.live ? made : asDefined(made);
  },
});

export const seclabels: typeof domainList = {
  ...domainList,
  read: (reader, context) => {
    const readers = reader.children('seclabel');
    checkModels(readers);
    const nameless = readers.find(found => found.attribute('model') === undefined);
    if (readers.length > 1) nameless?.error("there is more than one <seclabel>: each needs a model='NAME'");
    return domainList.read(reader, context);
  },
};

/** The reader's defaults: a label is dynamic unless it is said, and files are relabelled for a dynamic one only. */
function withDefaults(label: SeclabelDef): SeclabelDef {
  const type = label.type ?? 'dynamic';
  return type === 'none' ? {...label, type} : {...label, type, relabel: label.relabel ?? type === 'dynamic'};
}

function checkRelabel(reader: ElementReader, {type, relabel, label}: SeclabelDef): void {
  if (type === 'dynamic' && relabel === false)
    reader.error("a label of type 'dynamic' is one of files, too: it cannot have relabel='no'", 'relabel');
  if (type === 'none' && relabel === true)
    reader.error("<seclabel type='none'> labels no files: it cannot have relabel='yes'", 'relabel');
  if (type === 'static' && label === undefined)
    reader.error("<seclabel type='static'> is not complete: <label> is missing");
}

/** What a run has made is no wish: the label of a dynamic one, and that of files. */
function asDefined({type, model, relabel, label, baselabel}: SeclabelDef): SeclabelDef {
  return {
    ...(type === undefined ? {} : {type}),
    ...(model === undefined ? {} : {model}),
    ...(relabel === undefined || type === 'none' ? {} : {relabel}),
    ...(label === undefined || type !== 'static' ? {} : {label}),
    ...(baselabel === undefined || type !== 'dynamic' ? {} : {baselabel}),
  };
}
