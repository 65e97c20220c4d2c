import {attr, child, needed, presence, required, textChild} from '../fields/element-fields.ts';
import {nodeSet} from '../fields/node-set.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, yesNo} from '../fields/scalar.ts';
import {sizeChild} from '../fields/size.ts';
import {uuidText} from '../fields/uuid.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';

const sourceRecord = record({
  nodemask: textChild('nodemask', nodeSet),
  pagesizeKiB: sizeChild('pagesize'),
  path: textChild('path', absolutePathText),
  alignsizeKiB: sizeChild('alignsize'),
  pmem: presence('pmem'),
});

/** Of pages, or of a file. */
const source: typeof sourceRecord = {
  ...sourceRecord,
  read: (reader, context) => {
    const value = sourceRecord.read(reader, context);
    const [pages, file] = [
      ['nodemask', 'pagesize'],
      ['alignsize', 'pmem'],
    ].map(names => names.find(name => reader.child(name)));
    if (reader.child('path') ? pages : file)
      reader.schemaError(`<${pages ?? file}> ${pages ? 'does not go with' : 'needs'} <path>`);
    return value;
  },
};

const target = record({
  sizeKiB: required(sizeChild('size'), "<size unit='MiB'>512</size>"),
  node: textChild('node', integer()),
  labelSizeKiB: child('label', needed(sizeChild('size'))),
  readonly: presence('readonly'),
  blockKiB: sizeChild('block'),
  requestedKiB: sizeChild('requested'),
  currentKiB: sizeChild('current'),
});

const shape = {
  model: required(
    attr('model', oneOf('dimm', 'nvdimm', 'virtio-pmem', 'virtio-mem', 'sgx-epc')),
    "model='dimm' or the like",
  ),
  access: attr('access', oneOf('shared', 'private')),
  discard: attr('discard', yesNo),
  uuid: textChild('uuid', uuidText),
  source: child('source', source),
  target: required(child('target', target), '<target>'),
  ...deviceParts,
};

/** Memory that is plugged in as a module. */
export type MemoryDeviceDef = {readonly kind: 'memory'} & RecordOf<typeof shape>;
export const memoryDeviceCodec = recordCodec('memory', 'memory', record(shape), {
  isStarted: () => true,
  hostResources: memoryResources,
});

/** The file or device that holds the memory; what the driver keeps memory in is its own. */
function memoryResources({source: from, access, target: {readonly}}: MemoryDeviceDef): readonly HostResource[] {
  const path = from?.path;
  if (path === undefined) return [];
  return [
    {
      role: 'memory',
      path,
      type: path.startsWith('/dev/') ? 'char' : 'file',
      access: readonly ? 'read' : 'write',
      shared: access === 'shared',
      created: false,
      device: 'memory',
    },
  ];
}
