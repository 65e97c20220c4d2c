import {VirtError} from '../../base/virt-error.ts';
import {type TpmDef, tpmVersion} from '../../model/devices/tpm.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {secretsFolder} from '../disk-plan.ts';
import type {HostCommand, HostStep, StepOwner} from '../host-steps/host-step.ts';
import {domainRunDir, guestRunDir, type InstancePaths} from '../instance-paths.ts';
import type {Preparation} from '../preparation.ts';

type EmulatorBackend = Extract<TpmDef['backend'], {readonly type: 'emulator'}>;

/** What of this host emulates TPMs; undefined: not installed. */
export interface SwtpmHost {
  readonly swtpm: string | undefined;
  readonly setup: string | undefined;
  /** Signs the certificates of a new TPM. */
  readonly localca: string | undefined;
  /** Whether this domain's TPM has been made already. */
  readonly hasState: boolean;
  /** Takes from a program what it does not need. */
  readonly confine: (command: HostCommand) => HostCommand;
  /** As whom it runs. */
  readonly owner: StepOwner;
}

/** Where the TPM of a domain keeps what it knows; it outlives the runs, and an undefined domain loses it. */
export function tpmStateDir(paths: InstancePaths, uuid: string): string {
  return `${paths.lib}/swtpm/${uuid}`;
}

/** Where the swtpm of a running domain listens. */
export function swtpmSocket(guestDir: string): string {
  return `${guestDir}/swtpm.sock`;
}

/** The state of one version, and the file by which it is seen to be there. Source: swtpm 0.7, src/swtpm/swtpm_nvstore.c. */
export function tpmStateFile(paths: InstancePaths, def: DomainDef, tpm: TpmDef): string {
  const isTpm2 = tpmVersion(tpm, def.os.arch) === '2.0';
  return `${tpmStateDir(paths, def.uuid)}/${isTpm2 ? 'tpm2/tpm2-00' : 'tpm1.2/tpm-00'}.permall`;
}

/**
 * What has to run before the emulator of a domain with an emulated TPM: a program that makes the TPM when it is new, as
 * a factory would, and one that is the TPM while the guest runs. That one ends when the emulator closes its connection.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when swtpm is not installed, or the definition asks for what it cannot do
 * @see libvirt 9.0.0, src/qemu/qemu_tpm.c; swtpm(8), swtpm_setup(8)
 */
export function planSwtpm(
  tpm: TpmDef & {readonly backend: EmulatorBackend},
  {def, paths, host}: {readonly def: DomainDef; readonly paths: InstancePaths; readonly host: SwtpmHost},
): Pick<Preparation, 'steps' | 'takeBacks'> {
  const {swtpm, setup} = host;
  if (swtpm === undefined || setup === undefined) throw notInstalled(def);
  checkBackend(tpm, def, paths);
  const runDir = domainRunDir(paths, def.uuid);
  const pidFile = `${runDir}/swtpm.pid`;
  const stateFile = tpmStateFile(paths, def, tpm);
  const stateDir = stateFile.slice(0, stateFile.lastIndexOf('/'));
  const flags = tpmVersion(tpm, def.os.arch) === '2.0' ? ['--tpm2'] : [];
  const guestDir = guestRunDir(paths, def.uuid);
  const socket = swtpmSocket(guestDir);
  const ctrl = ['--ctrl', `type=unixio,path=${socket},mode=0600`];
  const password = passwordStep(tpm, {def, paths, owner: host.owner});
  const keys = password ? [`pwdfile=${password.path},mode=${CIPHER}`] : [];
  const encrypted = keys.flatMap(key => ['--key', key, '--migration-key', key]);
  const serve = ['socket', ...flags, ...ctrl, '--tpmstate', `dir=${stateDir},mode=0600`, ...encrypted, '--terminate'];
  const command = host.confine({program: swtpm, args: serve});
  return {
    steps: [
      {do: 'make-dir', path: stateDir, owner: host.owner},
      ...(password ? [password] : []),
      ...setupSteps({...host, program: setup, flags: [...flags, ...setupPassword(password)], stateDir}, tpm, {
        def,
        paths,
      }),
      {
        do: 'start-helper',
        helper: {...command, what: `the TPM of domain '${def.name}'`, socket, pidFile, logPath: `${runDir}/swtpm.log`},
      },
    ],
    takeBacks: [{what: 'process', pidFile}],
  };
}

/** libvirt's choice. Source: libvirt 9.0.0, src/qemu/qemu_tpm.c, qemuTPMEmulatorBuildCommand. */
const CIPHER = 'aes-256-cbc';

type PasswordStep = Extract<HostStep, {readonly do: 'write-secret'}>;

/** The password of a state that is encrypted, in a file that is gone once the guest runs. */
function passwordStep(
  {backend}: {readonly backend: EmulatorBackend},
  {def, paths, owner}: {readonly def: DomainDef; readonly paths: InstancePaths; readonly owner: StepOwner},
): PasswordStep | undefined {
  const uuid = backend.encryptionSecret;
  if (uuid === undefined) return undefined;
  return {
    do: 'write-secret',
    path: `${guestRunDir(paths, def.uuid)}/secret-tpm`,
    value: {from: 'store', purpose: 'vtpm', uuid},
    plain: true,
    store: secretsFolder(paths),
    what: `the TPM of domain '${def.name}'`,
    owner,
  };
}

function setupPassword(password: PasswordStep | undefined): readonly string[] {
  return password ? ['--pwdfile', password.path, '--cipher', CIPHER] : [];
}

interface Setup {
  readonly program: string;
  readonly flags: readonly string[];
  readonly stateDir: string;
  readonly hasState: boolean;
  readonly localca: string | undefined;
  readonly confine: SwtpmHost['confine'];
  readonly owner: StepOwner;
}

/** A TPM is made once; which registers it extends can be changed later. */
function setupSteps(
  {program, flags, stateDir, hasState, localca, confine, owner}: Setup,
  {backend}: {readonly backend: EmulatorBackend},
  {def, paths}: {readonly def: DomainDef; readonly paths: InstancePaths},
): readonly HostStep[] {
  const banks = Object.entries(backend.activePcrBanks ?? {}).flatMap(([bank, active]) => (active ? [bank] : []));
  const pcrs = banks.length === 0 ? [] : ['--pcr-banks', banks.join(',')];
  const common = [...flags, '--tpmstate', stateDir];
  const run = (what: string, args: readonly string[]): HostStep => ({
    do: 'run',
    what: `${what} the TPM of domain '${def.name}'`,
    command: confine({program, args}),
  });
  if (hasState) return pcrs.length === 0 ? [] : [run('configure', [...common, ...pcrs, '--reconfigure'])];
  const authority =
    localca === undefined
      ? undefined
      : certificateAuthority(localca, {lib: paths.lib, guestDir: guestRunDir(paths, def.uuid), owner});
  const certificates = authority ? ['--config', authority.config, '--create-ek-cert', '--create-platform-cert'] : [];
  const made = ['--createek', ...certificates, '--lock-nvram', '--not-overwrite', '--vmid', def.uuid];
  return [...(authority?.steps ?? []), run('make', [...common, ...made, ...pcrs])];
}

/**
 * The instance's own authority, made by its first TPM, so that nothing outside of the instance's folders is written. Guests
 * of another user have one of their user's, which can be abused by these alone.
 */
function certificateAuthority(
  localca: string,
  {lib, guestDir, owner}: {readonly lib: string; readonly guestDir: string; readonly owner: StepOwner},
): {readonly config: string; readonly steps: readonly HostStep[]} {
  const [config, caConfig, options] = [
    `${guestDir}/swtpm_setup.conf`,
    `${guestDir}/swtpm-localca.conf`,
    `${guestDir}/swtpm-localca.options`,
  ];
  const ca = owner?.uid ? `${lib}/swtpm/ca-${owner.uid}` : `${lib}/swtpm/ca`;
  const lines = (...all: readonly string[]) => `${all.join('\n')}\n`;
  return {
    config,
    steps: [
      {do: 'make-dir', path: ca, owner},
      {
        do: 'write-file',
        path: config,
        owner,
        text: lines(
          `create_certs_tool=${localca}`,
          `create_certs_tool_config=${caConfig}`,
          `create_certs_tool_options=${options}`,
        ),
      },
      {
        do: 'write-file',
        path: caConfig,
        owner,
        text: lines(
          `statedir = ${ca}`,
          `signingkey = ${ca}/signkey.pem`,
          `issuercert = ${ca}/issuercert.pem`,
          `certserial = ${ca}/certserial`,
        ),
      },
      {
        do: 'write-file',
        path: options,
        owner,
        text: lines('--platform-manufacturer QEMU', '--platform-version 2.1', '--platform-model QEMU'),
      },
    ],
  };
}

function notInstalled({name}: DomainDef): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot start domain '${name}': its TPM is emulated by swtpm, which is not installed here`,
    {hint: 'install swtpm and swtpm_setup: apt install swtpm swtpm-tools, or dnf install swtpm swtpm-tools'},
  );
}

function checkBackend(
  tpm: TpmDef & {readonly backend: EmulatorBackend},
  def: DomainDef,
  {lib, run}: InstancePaths,
): void {
  const {activePcrBanks} = tpm.backend;
  const isOld = tpmVersion(tpm, def.os.arch) === '1.2';
  if (isOld && tpm.model === 'tpm-crb') throw refused(def, "a TPM 1.2 has no interface 'tpm-crb'", "choose 'tpm-tis'");
  if (isOld && activePcrBanks)
    throw refused(def, 'a TPM 1.2 has one bank of registers', 'leave <active_pcr_banks> out');
  const folder = [lib, run].find(path => path.includes(','));
  if (folder !== undefined) throw refused(def, `swtpm takes no path with a comma: ${folder}`, 'choose another folder');
}

function refused({name}: DomainDef, why: string, hint: string): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot start domain '${name}': ${why}`, {hint});
}
