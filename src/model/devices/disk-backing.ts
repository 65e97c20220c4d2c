import {attr, child, needed} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {record} from '../fields/record.ts';
import {text, written} from '../fields/scalar.ts';
import {sizeBytes} from '../fields/size.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {STORAGE_FORMATS} from './disk-driver.ts';
import {checkSourceForm, DISK_SOURCES, type DiskSource, type DiskSourceType, imageIndex} from './disk-source.ts';

const storageFormat = written(text, word => STORAGE_FORMATS.has(word), "a format like 'qcow2'");

const metadataCache = child('metadata_cache', child('max_size', sizeBytes));

const format = record({type: needed(attr('type', storageFormat)), metadataCacheBytes: metadataCache});

/** The image below another one; one without a source ends the chain. */
export interface BackingStore {
  /** Of a running domain: the number by which its block nodes are named. */
  readonly index?: number;
  readonly source?: DiskSource;
  readonly format?: {readonly type?: string; readonly metadataCacheBytes?: bigint};
  readonly backingStore?: BackingStore;
}

function isSourceType(word: string): word is DiskSourceType {
  return Object.hasOwn(DISK_SOURCES, word);
}

const PATH_ATTRIBUTES: Readonly<Record<string, string>> = {file: 'file', block: 'dev', dir: 'dir', vhostvdpa: 'dev'};

/** `<source file=''/>`: a drive without a medium; then the other attributes mean nothing. */
function isEmptyDrive(source: ElementReader, type: DiskSourceType): boolean {
  const attribute = PATH_ATTRIBUTES[type];
  if (attribute === undefined || source.attribute(attribute)) return false;
  if (source.element.attributes.has(attribute))
    source.schemaError(`attribute '${attribute}' of <source> is empty: leave it out`, attribute);
  source.tolerateAttributes('startupPolicy', 'index');
  return true;
}

/** The source of an element whose attribute `type` says what it is. */
export const typedSource: Field<DiskSource> = {
  read: (reader, context) => {
    const type = reader.attribute('type') ?? 'file';
    if (!isSourceType(type)) return undefined;
    const source = reader.child('source');
    if (source?.isStrict) checkSourceForm(source, type);
    if (source && isEmptyDrive(source, type)) return undefined;
    if (!source && (type === 'network' || type === 'vhostuser'))
      reader.schemaError(`<${reader.name} type='${type}'> is not complete: <source> is missing`);
    const value = source && DISK_SOURCES[type].read(source, context);
    // The decoder: the value was read by the field that belongs to the type.
    return value && ({type, ...value} as DiskSource);
  },
  write: (value, into, context) => {
    into.attributes.unshift(['type', value.type]);
    const field: Field<object> = DISK_SOURCES[value.type];
    child('source', field).write(value, into, context);
  },
  place: {child: 'source'},
};

const parts: Field<BackingStore> = {
  read: (reader, context) => {
    if (reader.element.children.length > 0) return backingRecord.read(reader, context);
    if (reader.element.attributes.size > 0) reader.schemaError('<backingStore> ends the chain: it has nothing in it');
    reader.tolerateAttributes('type', 'index');
    return {};
  },
  write: (value, into, context) => backingRecord.write(value, into, context),
};

/** `<backingStore>`, as deep as it goes. */
export const backingStoreField: Field<BackingStore> = child('backingStore', parts);

const backingRecord = record({
  format: needed(child('format', format)),
  source: typedSource,
  index: imageIndex,
  backingStore: nested(),
});

/** The field refers to itself: it is looked up when it is used. */
function nested(): Field<BackingStore> {
  return {
    read: (reader, context) => backingStoreField.read(reader, context),
    write: (value, into, context) => backingStoreField.write(value, into, context),
  };
}
