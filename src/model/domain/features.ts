import {attr, child, childAttr, needed, presence, withDefault} from '../fields/element-fields.ts';
import type {AlwaysField, Field} from '../fields/field.ts';
import {kept} from '../fields/kept.ts';
import {ofKinds} from '../fields/kinds.ts';
import {opaqueChild} from '../fields/opaque.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {integer, oneOf, onOff, text, written} from '../fields/scalar.ts';
import {sizeChild} from '../fields/size.ts';
import {CAPABILITIES, XEN} from './opaque-forms.ts';

const whole = integer();
const vendorId = written(text, /^[^,]{0,12}$/, "at most 12 characters without ','");

/** `<name state='on'/>`. */
const state = (name: string) => childAttr(name, 'state', onOff);

/** Source: libvirt 9.0.0, docs/formatdomain, "Hypervisor features", hyperv. */
const hypervRecord = record({
  mode: withDefault(attr('mode', oneOf('custom', 'passthrough')), 'custom'),
  relaxed: state('relaxed'),
  vapic: state('vapic'),
  spinlocks: child('spinlocks', record({state: needed(attr('state', onOff)), retries: attr('retries', whole)})),
  vpindex: state('vpindex'),
  runtime: state('runtime'),
  synic: state('synic'),
  stimer: child('stimer', record({state: attr('state', onOff), direct: state('direct')})),
  reset: state('reset'),
  vendorId: child('vendor_id', record({state: needed(attr('state', onOff)), value: attr('value', vendorId)})),
  frequencies: state('frequencies'),
  reenlightenment: state('reenlightenment'),
  tlbflush: state('tlbflush'),
  ipi: state('ipi'),
  evmcs: state('evmcs'),
  avic: state('avic'),
});

const HYPERV_PARTS = [
  'relaxed',
  'vapic',
  'spinlocks',
  'vpindex',
  'runtime',
  'synic',
  'stimer',
  'reset',
  'vendor_id',
  'frequencies',
  'reenlightenment',
  'tlbflush',
  'ipi',
  'evmcs',
  'avic',
];

const hyperv = ofKinds(hypervRecord, 'mode', {custom: {may: HYPERV_PARTS}, passthrough: {}}, 'custom');

const kvm = record({
  hidden: state('hidden'),
  hintDedicated: state('hint-dedicated'),
  pollControl: state('poll-control'),
  pvIpi: state('pv-ipi'),
  dirtyRing: child('dirty-ring', record({state: needed(attr('state', onOff)), size: attr('size', whole)})),
});

/** A feature that is on when it is there and says nothing, as in `<hap/>`. */
function switchable(name: string): Field<{readonly state?: boolean}> {
  return child(name, record({state: attr('state', onOff)}));
}

const smmRecord = record({state: attr('state', onOff), tsegKiB: sizeChild('tseg')});

/** The same, where the schema wants it to be said. */
function switched(name: string): Field<{readonly state?: boolean}> {
  return child(name, record({state: needed(attr('state', onOff))}));
}

const word = (name: string, attribute: string, ...words: readonly string[]) =>
  childAttr(name, attribute, oneOf(...words));

const smm: Field<{readonly state?: boolean; readonly tsegKiB?: bigint}> = {
  ...smmRecord,
  read: (reader, context) => {
    const value = smmRecord.read(reader, context);
    if (reader.child('tseg') && reader.attribute('state') === undefined)
      reader.schemaError("<smm> is not complete: state='...' is missing");
    return value;
  },
};

/** In libvirt's order. Source: libvirt 9.0.0, src/conf/domain_conf.h, virDomainFeature. */
const shape = {
  acpi: presence('acpi'),
  apic: presence('apic'),
  pae: presence('pae'),
  hap: kept(switchable('hap')),
  viridian: kept(switchable('viridian')),
  privnet: kept(switchable('privnet')),
  hyperv: child('hyperv', hyperv),
  kvm: child('kvm', kvm),
  pvspinlock: switchable('pvspinlock'),
  capabilities: kept(opaqueChild('capabilities', CAPABILITIES)),
  pmu: switchable('pmu'),
  vmport: switchable('vmport'),
  gic: child('gic', record({version: attr('version', oneOf('2', '3', '4', 'host'))})),
  smm: child('smm', smm),
  ioapicDriver: word('ioapic', 'driver', 'kvm', 'qemu'),
  hpt: child(
    'hpt',
    record({
      resizing: attr('resizing', oneOf('enabled', 'disabled', 'required')),
      maxPageSizeKiB: sizeChild('maxpagesize'),
    }),
  ),
  vmcoreinfo: switchable('vmcoreinfo'),
  htm: switched('htm'),
  nestedHv: switched('nested-hv'),
  msrsUnknown: kept(word('msrs', 'unknown', 'ignore', 'fault')),
  ccfAssist: switched('ccf-assist'),
  xen: kept(opaqueChild('xen', XEN)),
  cfpc: word('cfpc', 'value', 'broken', 'workaround', 'fixed'),
  sbbc: word('sbbc', 'value', 'broken', 'workaround', 'fixed'),
  ibs: word('ibs', 'value', 'broken', 'workaround', 'fixed-ibs', 'fixed-ccd', 'fixed-na'),
  tcg: child('tcg', record({tbCacheKiB: sizeChild('tb-cache')})),
  asyncTeardown: kept(childAttr('async-teardown', 'enabled', oneOf('yes', 'no'))),
};

const featuresRecord = record(shape);

type FeatureFields = RecordOf<typeof shape>;

/** What the board has besides its devices; the first three are on when their element is there. */
export interface FeaturesDef extends FeatureFields {
  /** `<apic eoi='on'/>`. */
  readonly apicEoi?: boolean;
}

const NONE: FeaturesDef = {acpi: false, apic: false, pae: false};

/** `<features>`; without it all are off. */
export const featuresField: AlwaysField<FeaturesDef> = {
  required: true,
  read: (reader, context) => {
    const features = reader.child('features');
    const value = features && featuresRecord.read(features, context);
    if (!value) return NONE;
    const eoi = features.child('apic')?.flag('eoi', ['on', 'off']);
    return eoi === undefined ? value : {...value, apicEoi: eoi};
  },
  write: ({apicEoi, ...features}, into, context) => {
    if (!Object.values(features).some(value => value !== false && value !== undefined)) return;
    const parts = {attributes: [], children: [] as typeof into.children, text: undefined};
    featuresRecord.write(features, parts, context);
    const children = parts.children.map(node =>
      node.name === 'apic' && apicEoi !== undefined
        ? {...node, attributes: [['eoi', apicEoi ? 'on' : 'off'] as const]}
        : node,
    );
    into.children.push({name: 'features', attributes: [], content: children});
  },
};
