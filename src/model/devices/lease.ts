import {attr, child, required, textChild} from '../fields/element-fields.ts';
import {hostPath} from '../fields/names.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {big, text} from '../fields/scalar.ts';
import {recordCodec} from './record-codec.ts';

const shape = {
  lockspace: required(textChild('lockspace', text), '<lockspace>'),
  key: required(textChild('key', text), '<key>'),
  target: required(
    child('target', record({path: required(attr('path', hostPath), "path='PATH'"), offset: attr('offset', big)})),
    "<target path='PATH'/>",
  ),
};

/** A lease of a lock manager that the domain holds while it runs. */
export type LeaseDef = {readonly kind: 'lease'} & RecordOf<typeof shape>;
export const leaseCodec = recordCodec('lease', 'lease', record(shape), {
  hostResources: ({target, key}) => [
    {
      role: 'lease',
      path: target.path,
      type: 'file',
      access: 'write',
      shared: true,
      created: false,
      device: `lease ${key}`,
    },
  ],
});
