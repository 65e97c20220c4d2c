import {normaliseUuid} from '../../../model/domain/parse-identity.ts';
import type {SectionsDef} from '../../../model/domain/sections.ts';
import {SMBIOS_KEYS} from '../../argv/smbios-tables.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';

type Sysinfo = NonNullable<SectionsDef['sysinfos']>[number];
type Entry = NonNullable<Sysinfo['entries']>[number];

/** QEMU's numbers of the tables that the XML has words for. */
const TABLES = {'0': 'bios', '1': 'system', '2': 'baseBoard', '3': 'chassis'} as const;
type TableNumber = keyof typeof TABLES;

const OEM_STRINGS = '11';

function isTable(number: string): number is TableNumber {
  return Object.hasOwn(TABLES, number);
}

/** `-smbios`: a table that the firmware shows the guest; a file, and another table, are kept. */
export function readSmbios(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const number = bag.take('type') ?? '';
  const more = number === OEM_STRINGS ? takeStrings(bag) : isTable(number) ? takeTable(number, bag, draft) : undefined;
  if (!more || bag.rest.length > 0) {
    draft.keep(arg);
    return;
  }
  if (Object.keys(more).length === 0) return;
  const others = draft.sections.sysinfos ?? [];
  const earlier = others.find(({type}) => type === 'smbios');
  draft.sections.sysinfos = [...others.filter(each => each !== earlier), {type: 'smbios', ...earlier, ...more}];
  draft.os.smbiosMode = 'sysinfo';
}

function takeStrings(bag: OptionBag): Partial<Sysinfo> {
  return {oemStrings: bag.takeAll('value').map(value => ({value}))};
}

function takeTable(number: TableNumber, bag: OptionBag, draft: NativeDraft): Partial<Sysinfo> {
  const table = TABLES[number];
  const entries = SMBIOS_KEYS[table].flatMap((name): readonly Entry[] => {
    const value = bag.take(name);
    return value === undefined || (name === 'uuid' && isOwn(value, draft)) ? [] : [{name, value}];
  });
  if (entries.length === 0) return {};
  return table === 'baseBoard' ? {baseBoards: [{entries}]} : {[table]: entries};
}

/** The UUID of the system is that of the domain, which the driver shows the guest by itself. */
function isOwn(text: string, draft: NativeDraft): boolean {
  const uuid = normaliseUuid(text);
  draft.smbiosUuid = uuid;
  return uuid !== undefined;
}

/** `-fw_cfg name=NAME,string=TEXT` or `file=PATH`: what the guest's firmware can read. */
export function readFwCfg(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'name');
  const [name, value, file] = [bag.take('name'), bag.take('string'), bag.take('file')];
  const isOne = (value === undefined) !== (file === undefined);
  if (name === undefined || !name.startsWith('opt/') || !isOne || bag.rest.length > 0) {
    draft.keep(arg);
    return;
  }
  const entry = file === undefined ? {name, value: value ?? ''} : {name, file: draft.path(arg, file)};
  const others = draft.sections.sysinfos ?? [];
  const earlier = others.find(({type}) => type === 'fwcfg');
  const entries = [...(earlier?.entries ?? []), entry];
  draft.sections.sysinfos = [...others.filter(each => each !== earlier), {type: 'fwcfg', entries}];
}

/** `-acpitable sig=SLIC,file=PATH`: the table that some systems want to see. */
export function readAcpiTable(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const [signature, file] = [bag.take('sig'), bag.take('file')];
  if (signature !== 'SLIC' || file === undefined || bag.rest.length > 0) draft.keep(arg);
  else draft.os.acpiTable = {type: 'slic', path: draft.path(arg, file)};
}
