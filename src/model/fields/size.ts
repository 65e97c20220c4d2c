import type {ElementReader} from '../xml/element-reader.ts';
import {child} from './element-fields.ts';
import type {Field} from './field.ts';
import {type Scalar, text, written} from './scalar.ts';

const UNITS_HELP = "'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB' (of 1024), 'KB' to 'EB' (of 1000), 'b', 'bytes'";

/** libvirt computes in 64 bits of bytes. */
const MAX_BYTES = (1n << 64n) - 1n;

/** A unit where it is kept as it is written. */
export const unitText: Scalar<string> = written(text, value => unitBytes(value) !== undefined, `one of ${UNITS_HELP}`);

/** Source: libvirt 9.0.0, src/util/virutil.c, virScaleInteger: case does not matter. */
function unitBytes(unit: string): bigint | undefined {
  const lower = unit.toLowerCase();
  if (lower === 'b' || lower === 'byte' || lower === 'bytes') return 1n;
  const match = /^([kmgtpe])(ib|b)?$/.exec(lower);
  if (!match) return undefined;
  const power = BigInt('kmgtpe'.indexOf(match[1] ?? '') + 1);
  return (match[2] === 'b' ? 1000n : 1024n) ** power;
}

/**
 * The size that is written in an element or in one of its attributes, in bytes; a wrong one is an error.
 *
 * @param defaultUnit  counts where the attribute `unit` is missing
 * @param attribute  where the number is; without it, it is the text
 */
export function readSizeBytes(reader: ElementReader, defaultUnit: string, attribute?: string): bigint | undefined {
  const unit = reader.attribute('unit') ?? defaultUnit;
  const scale = unitBytes(unit);
  if (scale === undefined)
    reader.error(`unknown unit '${unit}' of <${reader.name}>: the units are ${UNITS_HELP}`, 'unit');
  const size = attribute === undefined ? reader.text : (reader.attribute(attribute) ?? '');
  const what = attribute === undefined ? `<${reader.name}>` : `attribute '${attribute}' of <${reader.name}>`;
  const digits = /^\+?\d{1,20}$/.test(size);
  if (!digits) reader.error(`${what} is '${size}': it must be a whole number`, attribute);
  else if (size.startsWith('+')) reader.schemaError(`${what} is '${size}': it must be a decimal number`, attribute);
  if (scale === undefined || !digits) return undefined;
  const bytes = BigInt(size.replace('+', '')) * scale;
  if (bytes <= MAX_BYTES) return bytes;
  reader.error(`${what} is ${size} ${unit}: that is more than 64 bits of bytes`, attribute);
  return undefined;
}

/** The same in KiB; what is no whole KiB is rounded up. */
export function readSizeKiB(reader: ElementReader, attribute?: string): bigint | undefined {
  const bytes = readSizeBytes(reader, 'KiB', attribute);
  return bytes === undefined ? undefined : (bytes + 1023n) / 1024n;
}

/** A size as the text of the element, in KiB. */
export const sizeKiB: Field<bigint> = {
  read: reader => readSizeKiB(reader),
  write: (value, into) => {
    into.attributes.push(['unit', 'KiB']);
    into.text = String(value);
  },
  place: {text: true},
};

/** A size in an attribute beside `unit`, in KiB. */
export function sizeAttribute(name: string): Field<bigint> {
  return {
    read: reader => (reader.attribute(name) === undefined ? undefined : readSizeKiB(reader, name)),
    write: (value, into) => {
      into.attributes.push([name, String(value)], ['unit', 'KiB']);
    },
    place: {attribute: name},
  };
}

/** A size as the text of the element, in bytes, which is also the unit without one. */
export const sizeBytes: Field<bigint> = {
  read: reader => readSizeBytes(reader, 'bytes'),
  write: (value, into) => {
    into.attributes.push(['unit', 'bytes']);
    into.text = String(value);
  },
  place: {text: true},
};

/** `<name unit='KiB'>size</name>`. */
export function sizeChild(name: string): Field<bigint> {
  return child(name, sizeKiB);
}

/** A size in bytes in an attribute beside `unit`. */
export function sizeBytesAttribute(name: string): Field<bigint> {
  return {
    read: reader => (reader.attribute(name) === undefined ? undefined : readSizeBytes(reader, 'bytes', name)),
    write: (value, into) => {
      into.attributes.push([name, String(value)], ['unit', 'B']);
    },
    place: {attribute: name},
  };
}
