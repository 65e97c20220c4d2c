import {attr, child, textChild} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, big, text} from '../fields/scalar.ts';
import {recordCodec} from './record-codec.ts';

const shape = {
  lockspace: textChild('lockspace', text),
  key: textChild('key', text),
  target: child('target', record({path: attr('path', absolutePathText), offset: attr('offset', big)})),
};

/** A lease of a lock manager that the domain holds while it runs. */
export type LeaseDef = {readonly kind: 'lease'} & RecordOf<typeof shape>;
export const leaseCodec = recordCodec('lease', 'lease', record(shape));
