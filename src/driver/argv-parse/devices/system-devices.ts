import type {IommuDef} from '../../../model/devices/iommu.ts';
import type {TpmDef} from '../../../model/devices/tpm.ts';
import {normaliseUuid} from '../../../model/domain/parse-identity.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';

function iommu(model: 'intel' | 'virtio'): DeviceReader {
  return ({bag}, draft) => {
    const driver: IommuDef['driver'] = omitUndefined({
      intremap: bag.takeSwitch('intremap'),
      cachingMode: bag.takeSwitch('caching-mode'),
      eim: bag.takeSwitch('eim'),
      iotlb: bag.takeSwitch('device-iotlb'),
      awBits: bag.takeNumber('aw-bits'),
    });
    draft.devices.push({
      kind: 'iommu',
      model,
      ...(Object.keys(driver).length > 0 ? {driver} : {}),
      ...takeDeviceBase(bag, draft),
    });
    return true;
  };
}

/** `-tpmdev`: kept for the device that names it. */
export function readTpmdev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'type');
  const id = bag.take('id');
  if (id === undefined) draft.keep(arg, 'it has no id');
  else draft.tpmdevs.set(id, {backend: bag, arg, used: false});
}

function tpm(model: NonNullable<TpmDef['model']>): DeviceReader {
  return ({bag}, draft) => {
    const pending = draft.tpmdevs.get(bag.peek('tpmdev') ?? '');
    const backend = pending && tpmBackend(pending.backend, draft);
    if (!backend) return false;
    pending.used = true;
    bag.take('tpmdev');
    draft.devices.push({kind: 'tpm', model, backend, ...takeDeviceBase(bag, draft)});
    return true;
  };
}

/** A TPM of the host, or a `swtpm` that somebody runs: the line says where it listens, not how it was started. */
function tpmBackend(bag: OptionBag, draft: NativeDraft): TpmDef['backend'] | undefined {
  const path = bag.peek('path');
  if (bag.peek('type') === 'passthrough') {
    // A device that was handed over open is the usual one.
    const named = path === undefined || path.startsWith('/dev/fdset/') ? {} : {devices: [path]};
    return {type: 'passthrough', ...named};
  }
  const chardev = bag.peek('chardev');
  const socket = draft.chardevs.get(chardev ?? '')?.backend?.source;
  if (bag.peek('type') !== 'emulator' || socket?.type !== 'unix' || socket.path === undefined) return undefined;
  claimChardev(chardev, draft);
  return {type: 'external', source: {type: 'unix', mode: 'connect', path: socket.path}};
}

/** The number by which a guest sees that it is a copy. */
const generation: DeviceReader = ({bag}, draft) => {
  const guid = normaliseUuid(bag.peek('guid') ?? '');
  if (guid === undefined) return false;
  bag.drop('guid', 'id');
  draft.sections.genid = guid;
  return true;
};

const coreInfo: DeviceReader = ({bag}, draft) => {
  bag.drop('id');
  draft.features.vmcoreinfo = {state: true};
  return true;
};

/** What belongs to the board more than to a bus. */
export const SYSTEM_DEVICES: DeviceReaders = {
  'intel-iommu': iommu('intel'),
  'virtio-iommu': iommu('virtio'),
  'tpm-tis': tpm('tpm-tis'),
  'tpm-crb': tpm('tpm-crb'),
  'tpm-spapr': tpm('tpm-spapr'),
  'spapr-tpm-proxy': tpm('spapr-tpm-proxy'),
  vmgenid: generation,
  vmcoreinfo: coreInfo,
};
