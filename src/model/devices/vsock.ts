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

/** The numbers below are the host's own and those of old times; the last one stands for any. Source: vsock(7). */
const FIRST_CID = 3;
const LAST_CID = 0xfffffffe;

/**
 * The number of a domain that leaves it to the driver: always the same for one domain, and for two of them different
 * but by a chance of one in billions.
 *
 * @param uuid  of the domain
 */
export function automaticCid(uuid: string): number {
  // FNV-1a. Source: http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = 0x811c9dc5;
  for (const char of uuid) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return FIRST_CID + ((hash >>> 0) % (LAST_CID - FIRST_CID + 1));
}

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
