import {attr, list, required} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {hex, normalised, type Scalar, yesNo} from '../fields/scalar.ts';
import {recordCodec} from './record-codec.ts';

/** libvirt prints these numbers with capital letters. */
function capitals(digits: number, max: number): Scalar<number> {
  return {...hex(digits, max), print: value => `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`};
}

/** `1.1` is `1.10`. */
const version = normalised(value => {
  const match = /^0*(\d{1,2})\.(\d{1,2})$/.exec(value);
  return match ? `${match[1]}.${match[2]?.padEnd(2, '0')}` : undefined;
}, "a version like '1.10'");

/** An attribute whose value -1 says nothing. */
function attrOrAny<T>(name: string, scalar: Scalar<T>): Field<T> {
  const field = attr(name, scalar);
  return {
    ...field,
    read: (reader, context) => (reader.attribute(name) === '-1' ? undefined : field.read(reader, context)),
  };
}

/** A missing part fits every device. Source: libvirt 9.0.0, docs/formatdomain, "Redirected devices". */
const rule = record({
  class: attrOrAny('class', capitals(2, 0xff)),
  vendor: attrOrAny('vendor', capitals(4, 0xffff)),
  product: attrOrAny('product', capitals(4, 0xffff)),
  version: attrOrAny('version', version),
  allow: required(attr('allow', yesNo), "allow='yes'"),
});

const shape = {
  rules: list('usbdev', rule),
};

/** Which USB devices may come over a channel; the first rule that fits counts. */
export type RedirfilterDef = {readonly kind: 'redirfilter'} & RecordOf<typeof shape>;
export const redirfilterCodec = recordCodec('redirfilter', 'redirfilter', record(shape), {isStarted: () => true});
