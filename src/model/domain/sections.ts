import {attr, child, childAttr, list, needed, ownTextOrNone, required, textChild} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {kept} from '../fields/kept.ts';
import {inOrder, ofKinds} from '../fields/kinds.ts';
import {foreignChild} from '../fields/opaque.ts';
import {type RecordOf, record, type Shape} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, onOff, text, written, yesNo} from '../fields/scalar.ts';
import {cpuField} from './cpu.ts';
import {launchSecurityField} from './launch-security.ts';
import {checkUuidForm, normaliseUuid} from './parse-identity.ts';
import {seclabels} from './seclabel.ts';
import {limitSections, maxMemoryField, memoryBackingField, placementSections} from './tuning.ts';

const whole = integer();

const value = ownTextOrNone(text);

/** The entries of a table; of the names the schema knows. */
function table(...names: readonly string[]) {
  const known = written(text, name => names.includes(name), `one of ${names.map(name => `'${name}'`).join(', ')}`);
  return needed(list('entry', record({name: needed(attr('name', known)), file: NO_FILE, value})));
}

/** Only firmware has the contents of files. */
const NO_FILE = attr(
  'file',
  written(absolutePathText, () => false, 'left out here'),
);

const entries = list('entry', record({name: attr('name', text), file: attr('file', absolutePathText), value}));

/** Source of the names: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, sysinfo. */
const sysinfoRecord = record({
  type: required(attr('type', oneOf('smbios', 'fwcfg')), "type='smbios'"),
  bios: child('bios', table('vendor', 'version', 'date', 'release')),
  system: child('system', table('manufacturer', 'product', 'version', 'serial', 'uuid', 'sku', 'family')),
  baseBoards: list(
    'baseBoard',
    record({entries: table('manufacturer', 'product', 'version', 'serial', 'asset', 'location')}),
  ),
  chassis: child('chassis', table('manufacturer', 'version', 'serial', 'asset', 'sku')),
  oemStrings: child('oemStrings', needed(entries)),
  entries,
});

/** Tables that the firmware shows the guest. */
const sysinfo = ofKinds(sysinfoRecord, 'type', {
  smbios: {may: ['bios', 'system', 'baseBoard', 'chassis', 'oemStrings']},
  fwcfg: {may: ['entry']},
});

/** Empty, it is made when the definition is completed. */
const genid: Field<string> = child('genid', {
  read: reader => {
    if (reader.text === '') return '';
    const uuid = normaliseUuid(reader.text);
    if (uuid === undefined) reader.error(`'${reader.text}' is not a UUID: it must have 32 hexadecimal digits`);
    else checkUuidForm(reader);
    return uuid;
  },
  write: (value, into) => {
    if (value !== '') into.text = value;
  },
});

const resource = record({
  partition: textChild('partition', absolutePathText),
  fibrechannelAppid: childAttr(
    'fibrechannel',
    'appid',
    written(text, /^[ -~]{1,128}$/, 'at most 128 printable ASCII characters'),
  ),
});

const mapping = record({
  start: needed(attr('start', whole)),
  target: needed(attr('target', whole)),
  count: needed(attr('count', whole)),
});

const pm = record({
  suspendToMem: child('suspend-to-mem', attr('enabled', yesNo)),
  suspendToDisk: child('suspend-to-disk', attr('enabled', yesNo)),
});

const cipher = record({name: needed(attr('name', oneOf('aes', 'dea'))), state: needed(attr('state', onOff))});

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, perf. */
const PERF_EVENTS: ReadonlySet<string> = new Set([
  'cmt',
  'mbmt',
  'mbml',
  'cpu_cycles',
  'instructions',
  'cache_references',
  'cache_misses',
  'branch_instructions',
  'branch_misses',
  'bus_cycles',
  'stalled_cycles_frontend',
  'stalled_cycles_backend',
  'ref_cpu_cycles',
  'cpu_clock',
  'task_clock',
  'page_faults',
  'context_switches',
  'cpu_migrations',
  'page_faults_min',
  'page_faults_maj',
  'alignment_faults',
  'emulation_faults',
]);

const perfEvent = record({
  name: needed(
    attr(
      'name',
      written(text, name => PERF_EVENTS.has(name), "an event like 'cpu_cycles'"),
    ),
  ),
  enabled: needed(attr('enabled', yesNo)),
});

/** Other programs' own: any elements, but no text beside them. */
const anything = foreignChild('metadata');
const metadata: typeof anything = {
  ...anything,
  read: (reader, context) => {
    const element = reader.child('metadata');
    if (element && (element.text !== '' || element.element.attributes.size > 0))
      element.schemaError('only elements may stand in <metadata>');
    return anything.read(reader, context);
  },
};

/** What stands in `<domain>` besides what every domain has, in groups between which the others are printed. */
export const SECTIONS = {
  afterUuid: {genid},
  afterDescription: {metadata, maxMemory: maxMemoryField},
  afterMemory: {...keptAll(limitSections), memoryBacking: memoryBackingField},
  afterVcpu: {
    ...placementSections,
    cputune: kept(placementSections.cputune),
    resource: child('resource', inOrder(resource, 'partition', 'fibrechannel')),
    sysinfos: list('sysinfo', sysinfo),
    ...keptAll({
      bootloader: child('bootloader', ownTextOrNone(absolutePathText)),
      bootloaderArgs: child('bootloader_args', ownTextOrNone(text)),
    }),
  },
  // Of containers; the schema has it for every domain.
  afterOs: {idmap: child('idmap', record({uids: list('uid', mapping), gids: list('gid', mapping)}))},
  afterFeatures: {cpu: cpuField},
  afterLifecycle: {
    onLockfailure: textChild('on_lockfailure', oneOf('poweroff', 'restart', 'pause', 'ignore')),
    pm: child('pm', pm),
    perfEvents: child('perf', needed(list('event', perfEvent))),
  },
  afterDevices: {
    seclabels,
    keywrap: child('keywrap', needed(list('cipher', cipher))),
    launchSecurity: launchSecurityField,
  },
};

type Sections = typeof SECTIONS;

/** The optional parts of a domain. */
export interface SectionsDef
  extends RecordOf<Sections['afterUuid']>,
    RecordOf<Sections['afterDescription']>,
    RecordOf<Sections['afterMemory']>,
    RecordOf<Sections['afterVcpu']>,
    RecordOf<Sections['afterOs']>,
    RecordOf<Sections['afterFeatures']>,
    RecordOf<Sections['afterLifecycle']>,
    RecordOf<Sections['afterDevices']> {}

/** All of them as one element, for reading. */
export const allSections: Field<SectionsDef> = record({
  ...SECTIONS.afterUuid,
  ...SECTIONS.afterDescription,
  ...SECTIONS.afterMemory,
  ...SECTIONS.afterVcpu,
  ...SECTIONS.afterOs,
  ...SECTIONS.afterFeatures,
  ...SECTIONS.afterLifecycle,
  ...SECTIONS.afterDevices,
});

function keptAll<const S extends Shape>(shape: S): S {
  // The decoder: every field is replaced by one of the same type.
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, kept(field)])) as unknown as S;
}
