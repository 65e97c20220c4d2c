import type {TpmDef} from '../../../model/devices/tpm.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';

/** A TPM of the host, or a `swtpm` that somebody else runs; one that the driver would have to run is refused. */
export function buildTpmArgs(tpm: TpmDef, input: ArgvInput): readonly QemuArg[] {
  const alias = aliasOf(tpm);
  const tpmdev = `tpm-${alias}`;
  const model = tpm.model ?? 'tpm-tis';
  const device = deviceArg(chooseDriver([model], `TPM '${model}'`, input), {tpmdev, id: alias});
  return [...backend(tpm, tpmdev, input), device];
}

function backend({backend: made}: TpmDef, id: string, input: ArgvInput): readonly QemuArg[] {
  switch (made.type) {
    case 'passthrough': {
      const path = made.devices?.[0] ?? '/dev/tpm0';
      const cancel = `/sys/class/tpm/${path.slice(path.lastIndexOf('/') + 1)}/device/cancel`;
      return [optionsArg('-tpmdev', {id, path, 'cancel-path': cancel}, {key: 'type', value: 'passthrough'})];
    }
    case 'external': {
      const socket = {id: 'chrtpm', path: made.source.path};
      return [
        optionsArg('-chardev', socket, {key: 'backend', value: 'socket'}),
        optionsArg('-tpmdev', {id, chardev: 'chrtpm'}, {key: 'type', value: 'emulator'}),
      ];
    }
    case 'emulator':
      throw notYetSupported("<tpm><backend type='emulator'>", input);
  }
}
