import {attr, child, childAttr, list, ownText, required, textChild} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {kept} from '../fields/kept.ts';
import {foreignChild} from '../fields/opaque.ts';
import {type RecordOf, record, type Shape} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, onOff, text, yesNo} from '../fields/scalar.ts';
import {cpuField} from './cpu.ts';
import {launchSecurityField} from './launch-security.ts';
import {normaliseUuid} from './parse-identity.ts';
import {seclabels} from './seclabel.ts';
import {limitSections, maxMemoryField, memoryBackingField, placementSections} from './tuning.ts';

const whole = integer();

const entry = record({name: attr('name', text), file: attr('file', absolutePathText), value: ownText(text)});
const entries = list('entry', entry);

/** Tables that the firmware shows the guest. */
const sysinfo = record({
  type: required(attr('type', oneOf('smbios', 'fwcfg')), "type='smbios'"),
  bios: child('bios', entries),
  system: child('system', entries),
  baseBoards: list('baseBoard', record({entries})),
  chassis: child('chassis', entries),
  oemStrings: child('oemStrings', entries),
  entries,
});

/** Empty, it is made when the definition is completed. */
const genid: Field<string> = child('genid', {
  read: reader => {
    if (reader.text === '') return '';
    const uuid = normaliseUuid(reader.text);
    if (uuid === undefined) reader.error(`'${reader.text}' is not a UUID: it must have 32 hexadecimal digits`);
    return uuid;
  },
  write: (value, into) => {
    if (value !== '') into.text = value;
  },
});

const resource = record({
  partition: textChild('partition', absolutePathText),
  fibrechannelAppid: childAttr('fibrechannel', 'appid', text),
});

const mapping = record({start: attr('start', whole), target: attr('target', whole), count: attr('count', whole)});

const pm = record({
  suspendToMem: childAttr('suspend-to-mem', 'enabled', yesNo),
  suspendToDisk: childAttr('suspend-to-disk', 'enabled', yesNo),
});

const cipher = record({name: attr('name', oneOf('aes', 'dea')), state: attr('state', onOff)});

/** What stands in `<domain>` besides what every domain has, in groups between which the others are printed. */
export const SECTIONS = {
  afterUuid: {genid},
  afterDescription: {metadata: foreignChild('metadata'), maxMemory: maxMemoryField},
  afterMemory: {...keptAll(limitSections), memoryBacking: memoryBackingField},
  afterVcpu: {
    ...placementSections,
    cputune: kept(placementSections.cputune),
    resource: child('resource', resource),
    sysinfos: list('sysinfo', sysinfo),
    ...keptAll({
      bootloader: textChild('bootloader', absolutePathText),
      bootloaderArgs: textChild('bootloader_args', text),
    }),
  },
  // Of containers; the schema has it for every domain.
  afterOs: {idmap: child('idmap', record({uids: list('uid', mapping), gids: list('gid', mapping)}))},
  afterFeatures: {cpu: cpuField},
  afterLifecycle: {
    onLockfailure: textChild('on_lockfailure', oneOf('poweroff', 'restart', 'pause', 'ignore')),
    pm: child('pm', pm),
    perfEvents: child('perf', list('event', record({name: attr('name', text), enabled: attr('enabled', yesNo)}))),
  },
  afterDevices: {
    seclabels: kept(seclabels),
    keywrap: child('keywrap', list('cipher', cipher)),
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
