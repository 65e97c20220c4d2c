import {type ShmemDef, shmemFile, shmemSocket} from '../../../model/devices/shmem.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {pciPlace} from './device-place.ts';

/** libvirt's size of memory that is shared without a word about it. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainShmemDefPostParse. */
const USUAL_SIZE_MIB = 4n;

/** Memory that guests share: a file for all of them, or a server that gives it out and rings bells. */
export function buildShmemArgs(shmem: ShmemDef, input: ArgvInput): readonly QemuArg[] {
  if (shmem.model === 'ivshmem-plain') return plain(shmem, input);
  if (shmem.model === 'ivshmem-doorbell') return doorbell(shmem, input);
  throw refused(shmem, "QEMU has had no 'ivshmem' since 4.0", input);
}

function plain(shmem: ShmemDef, input: ArgvInput): readonly QemuArg[] {
  if (shmem.server) throw refused(shmem, "'ivshmem-plain' has no server", input);
  const memory = `shmmem-${aliasOf(shmem)}`;
  const bytes = (shmem.sizeMiB ?? USUAL_SIZE_MIB) << 20n;
  const options = {
    id: aliasOf(shmem),
    memdev: memory,
    master: shmem.role === undefined ? undefined : shmem.role === 'master',
    ...pciPlace(shmem, input),
  };
  return [
    optionsArg(
      '-object',
      {id: memory, 'mem-path': shmemFile(shmem), size: bytes, share: true},
      {key: 'qom-type', value: 'memory-backend-file'},
    ),
    deviceArg(chooseDriver(['ivshmem-plain'], 'shared memory', input), options),
  ];
}

function doorbell(shmem: ShmemDef, input: ArgvInput): readonly QemuArg[] {
  const {server, msi, sizeMiB} = shmem;
  if (!server) throw refused(shmem, "'ivshmem-doorbell' needs a <server>", input);
  if (sizeMiB !== undefined) throw refused(shmem, 'the size of the memory is told by its server', input);
  const chardev = `char${aliasOf(shmem)}`;
  const options = {
    id: aliasOf(shmem),
    chardev,
    vectors: msi?.vectors,
    ioeventfd: msi && (msi.ioeventfd ?? true),
    ...pciPlace(shmem, input),
  };
  return [
    optionsArg('-chardev', {id: chardev, path: shmemSocket(shmem)}, {key: 'backend', value: 'socket'}),
    deviceArg(chooseDriver(['ivshmem-doorbell'], 'shared memory', input), options),
  ];
}

function refused({name}: ShmemDef, why: string, input: ArgvInput) {
  const hint =
    "choose <model type='ivshmem-plain'/> with a <size>, or <model type='ivshmem-doorbell'/> with a <server>";
  return refusal(`shared memory '${name}'`, why, hint, input);
}
