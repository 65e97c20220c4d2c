import {attr, child} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {integer, yesNo} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';
import {virtioDriver, virtioModel} from './virtio-options.ts';

const shape = {
  model: attr('model', virtioModel),
  cid: child('cid', record({auto: attr('auto', yesNo), address: attr('address', integer(3))})),
  ...deviceParts,
  driver: child('driver', virtioDriver),
};

/** Sockets between host and guest. */
export type VsockDef = {readonly kind: 'vsock'} & RecordOf<typeof shape>;
export const vsockCodec = recordCodec('vsock', 'vsock', record(shape), {
  isStarted: () => true,
  hostResources: () => [
    {
      role: 'vsock',
      path: '/dev/vhost-vsock',
      type: 'char',
      access: 'write',
      shared: true,
      created: false,
      device: 'vsock',
    },
  ],
});
