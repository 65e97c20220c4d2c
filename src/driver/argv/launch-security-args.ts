import {VirtError} from '../../base/virt-error.ts';
import type {LaunchSecurityDef} from '../../model/domain/launch-security.ts';
import type {ArgvInput} from './argv-input.ts';
import {objectArg} from './object-arg.ts';
import type {QemuArg} from './qemu-arg.ts';

/** The object that the board names. */
export const LAUNCH_SECURITY_ID = 'lsec0';

type Sev = Extract<LaunchSecurityDef, {readonly type: 'sev'}>;

/** A file that the emulator reads at start, which the driver writes before. */
export interface LaunchFile {
  readonly path: string;
  readonly text: string;
}

/** What hides the guest's memory from its host. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildSEVCommandLine and qemuBuildPVCommandLine. */
export function buildLaunchSecurityArgs(input: ArgvInput): readonly QemuArg[] {
  const {launchSecurity} = input.def;
  switch (launchSecurity?.type) {
    case undefined:
      return [];
    case 's390-pv':
      return [objectArg('s390-pv-guest', LAUNCH_SECURITY_ID, {}, input.caps)];
    case 'sev':
      return [sevArg(launchSecurity, input)];
  }
}

function sevArg(sev: Sev, input: ArgvInput): QemuArg {
  const {cbitpos, reducedPhysBits, policy, kernelHashes} = sev;
  if (cbitpos === undefined || reducedPhysBits === undefined) throw sevUnknown(input);
  const files = launchFiles(input);
  const fileOf = (name: string) => files.find(({path}) => path.endsWith(`/${name}`))?.path;
  const properties = {
    cbitpos,
    'reduced-phys-bits': reducedPhysBits,
    policy,
    'dh-cert-file': fileOf(DH_CERT),
    'session-file': fileOf(SESSION),
    'kernel-hashes': kernelHashes,
  };
  return objectArg('sev-guest', LAUNCH_SECURITY_ID, properties, input.caps);
}

const DH_CERT = 'dh_cert.base64';
const SESSION = 'session.base64';

/** The certificate and session of a SEV guest, in the folder of its run. */
export function launchFiles({def, paths}: Pick<ArgvInput, 'def' | 'paths'>): readonly LaunchFile[] {
  const {launchSecurity} = def;
  if (launchSecurity?.type !== 'sev') return [];
  const folder = paths.monitorSocket.slice(0, paths.monitorSocket.lastIndexOf('/'));
  const {dhCert, session} = launchSecurity;
  return [
    ...(dhCert === undefined ? [] : [{path: `${folder}/${DH_CERT}`, text: dhCert}]),
    ...(session === undefined ? [] : [{path: `${folder}/${SESSION}`, text: session}]),
  ];
}

function sevUnknown({def}: ArgvInput): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot hide the memory of domain '${def.name}' with SEV: <launchSecurity> says no <cbitpos> or no <reducedPhysBits>`,
    {hint: 'write both: they belong to the processor, and query-sev-capabilities of an emulator on it tells them'},
  );
}
