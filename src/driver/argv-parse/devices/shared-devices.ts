import {claimChardev} from '../chardevs/ports.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';
import {takeVirtioDriver, takeVirtioModel} from './virtio-device.ts';

const MIB = 1024n * 1024n;

/** Memory in a file, shared with other guests. */
const plainMemory: DeviceReader = ({bag}, draft) => {
  const object = draft.objects.get(bag.peek('memdev') ?? '');
  const size = object?.backend.peek('size') ?? '';
  const name = /^\/dev\/shm\/([^/]+)$/.exec(object?.backend.peek('mem-path') ?? '')?.[1];
  if (!object || name === undefined || !/^\d{1,18}$/.test(size) || BigInt(size) % MIB !== 0n) return false;
  object.used = true;
  bag.take('memdev');
  const master = bag.takeSwitch('master');
  draft.devices.push({
    kind: 'shmem',
    name,
    ...(master === undefined ? {} : {role: master ? 'master' : 'peer'}),
    model: 'ivshmem-plain',
    sizeMiB: BigInt(size) / MIB,
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

/** The same with a server that rings. */
const doorbell: DeviceReader = ({bag}, draft) => {
  const socket = draft.chardevs.get(bag.peek('chardev') ?? '')?.backend?.source;
  if (socket?.type !== 'unix' || socket.path === undefined) return false;
  claimChardev(bag.take('chardev'), draft);
  const msi = omitUndefined({
    enabled: true,
    vectors: bag.takeNumber('vectors'),
    ioeventfd: bag.takeSwitch('ioeventfd'),
  });
  const master = bag.takeSwitch('master');
  const file = socket.path.slice(socket.path.lastIndexOf('/') + 1);
  draft.devices.push({
    kind: 'shmem',
    name: file.replace(/^ivshmem-/, '').replace(/-sock$/, '') || 'shmem',
    ...(master === undefined ? {} : {role: master ? 'master' : 'peer'}),
    model: 'ivshmem-doorbell',
    server: {path: socket.path},
    msi,
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

const CRYPTO_BACKENDS = {'cryptodev-backend-builtin': 'builtin', 'cryptodev-backend-lkcf': 'lkcf'} as const;

/** An accelerator for cryptography, with what does the work. */
const crypto: DeviceReader = ({bag}, draft) => {
  const object = draft.objects.get(bag.peek('cryptodev') ?? '');
  const type = (['cryptodev-backend-builtin', 'cryptodev-backend-lkcf'] as const).find(
    word => word === object?.backend.peek('qom-type'),
  );
  if (!object || !type) return false;
  object.used = true;
  bag.take('cryptodev');
  const queues = object.backend.takeNumber('queues');
  draft.devices.push({
    kind: 'crypto',
    model: 'virtio',
    type: 'qemu',
    backend: {model: CRYPTO_BACKENDS[type], ...omitUndefined({queues})},
    ...takeVirtioDriver(bag),
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

/** Sockets between host and guest. */
const vsock: DeviceReader = ({bag, model}, draft) => {
  const address = bag.takeNumber('guest-cid');
  if (address === undefined || address < 3) return false;
  // A descriptor that was handed over open.
  bag.drop('vhostfd');
  const own = takeVirtioModel(model ?? 'virtio', bag);
  draft.devices.push({
    kind: 'vsock',
    ...(own === 'virtio' ? {} : {model: own}),
    cid: {auto: false, address},
    ...takeVirtioDriver(bag),
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

/** What the guest shares with the host or with others. */
export const SHARED_DEVICES: DeviceReaders = {
  'ivshmem-plain': plainMemory,
  'ivshmem-doorbell': doorbell,
  'virtio-crypto': crypto,
  'vhost-vsock': vsock,
};
