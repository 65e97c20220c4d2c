import {VirtError} from '../../../base/virt-error.ts';
import {DEFAULT_TPM, type TpmDef} from '../../../model/devices/tpm.ts';
import {type ArgvInput, domainDirectory} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';

/** By model; a board without ISA has it on its own bus. */
const DRIVERS: Readonly<Record<NonNullable<TpmDef['model']>, readonly string[]>> = {
  'tpm-tis': ['tpm-tis', 'tpm-tis-device'],
  'tpm-crb': ['tpm-crb'],
  'tpm-spapr': ['tpm-spapr'],
  'spapr-tpm-proxy': ['spapr-tpm-proxy'],
};

/** A TPM of the host, or a `swtpm` that the driver or somebody else runs. */
export function buildTpmArgs(tpm: TpmDef, input: ArgvInput): readonly QemuArg[] {
  const alias = aliasOf(tpm);
  const tpmdev = `tpm-${alias}`;
  const model = tpm.model ?? 'tpm-tis';
  const device = deviceArg(chooseDriver(DRIVERS[model], `TPM '${model}'`, input), {tpmdev, id: alias});
  return [...backend(tpm, tpmdev, input), device];
}

function backend({backend: made}: TpmDef, id: string, input: ArgvInput): readonly QemuArg[] {
  switch (made.type) {
    case 'passthrough': {
      const path = made.devices?.[0] ?? DEFAULT_TPM;
      const cancel = `/sys/class/tpm/${path.slice(path.lastIndexOf('/') + 1)}/device/cancel`;
      return [optionsArg('-tpmdev', {id, path, 'cancel-path': cancel}, {key: 'type', value: 'passthrough'})];
    }
    case 'external': {
      const {mode, path} = made.source;
      if (mode === 'bind' || path === undefined) throw notConnected(input);
      return emulator(id, path);
    }
    case 'emulator':
      return emulator(id, input.paths.tpmSocket ?? `${domainDirectory(input)}/swtpm.sock`);
  }
}

function emulator(id: string, path: string): readonly QemuArg[] {
  return [
    optionsArg('-chardev', {id: 'chrtpm', path}, {key: 'backend', value: 'socket'}),
    optionsArg('-tpmdev', {id, chardev: 'chrtpm'}, {key: 'type', value: 'emulator'}),
  ];
}

function notConnected({def}: ArgvInput): VirtError {
  const what = `cannot start domain '${def.name}': its TPM has to be waited for at a socket`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', what, {
    hint: "start swtpm before the domain, and say where: <source type='unix' mode='connect' path='...'/>",
  });
}
