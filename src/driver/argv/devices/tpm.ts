import {DEFAULT_TPM, type TpmDef} from '../../../model/devices/tpm.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import {type ArgvInput, domainDirectory} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';

/** By model; a board without ISA has it on its own bus. */
const DRIVERS: Readonly<Record<NonNullable<TpmDef['model']>, readonly string[]>> = {
  'tpm-tis': ['tpm-tis', 'tpm-tis-device'],
  'tpm-crb': ['tpm-crb'],
  'tpm-spapr': ['tpm-spapr'],
  'spapr-tpm-proxy': ['spapr-tpm-proxy'],
};

/** A TPM of the host, or a `swtpm` that the driver or somebody else runs. */
export function buildTpmArgs(tpm: TpmDef, input: ArgvInput): readonly QemuArg[] {
  checkTpm(tpm, input);
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
    case 'external':
      return emulator(id, made.source.path ?? '');
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

function checkTpm(tpm: TpmDef, input: ArgvInput): void {
  const isPlain = ({model}: TpmDef) => model !== 'spapr-tpm-proxy';
  if (devicesOf(input.def, 'tpm').filter(isPlain).length > 1) {
    throw refusal('TPM', 'there are two, and a board has room for one', 'take one <tpm> out', input);
  }
  const {backend: made} = tpm;
  if (made.type === 'external' && (made.source.mode === 'bind' || made.source.path === undefined)) {
    const hint = "start swtpm before the domain, and say where: <source type='unix' mode='connect' path='...'/>";
    throw refusal('TPM', 'the emulator connects to it, and cannot wait for it at a socket', hint, input);
  }
}
