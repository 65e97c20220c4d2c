import {attr, list, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {hex, matching, yesNo} from '../fields/scalar.ts';
import {recordCodec} from './record-codec.ts';

/** A missing part fits every device. Source: libvirt 9.0.0, docs/formatdomain, "Redirected devices". */
const rule = record({
  class: attr('class', hex(2, 0xff)),
  vendor: attr('vendor', hex(4, 0xffff)),
  product: attr('product', hex(4, 0xffff)),
  version: attr('version', matching(/^\d{1,2}\.\d{1,2}$/, "a version like '1.10'")),
  allow: required(attr('allow', yesNo), "allow='yes'"),
});

const shape = {
  rules: list('usbdev', rule),
};

/** Which USB devices may come over a channel; the first rule that fits counts. */
export type RedirfilterDef = {readonly kind: 'redirfilter'} & RecordOf<typeof shape>;
export const redirfilterCodec = recordCodec('redirfilter', 'redirfilter', record(shape), {isStarted: () => true});
