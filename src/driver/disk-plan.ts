import type {DiskDef} from '../model/devices/disk.ts';
import {devicesOf} from '../model/domain-def.ts';
import {fileNameOf} from '../model/domain-path.ts';
import {type ArgvInput, domainDirectory} from './argv/argv-input.ts';
import {hostdevSecrets} from './argv/devices/hostdev-scsi.ts';
import {diskSecrets, imageSecrets} from './argv/devices/image-secrets.ts';
import {hasManagedReservations, managedHelperSocket} from './argv/devices/reservations.ts';
import {planThrottles, throttledDisks} from './argv/devices/throttle-commands.ts';
import {planTransients, type TransientDisk} from './argv/devices/transient-disks.ts';
import {flashLayers} from './argv/firmware-args.ts';
import {type GuestSecret, secretFile} from './argv/secret-args.ts';
import type {HostStep, StepOwner, TakeBack} from './host-steps/host-step.ts';
import {domainRunDir, type InstancePaths} from './instance-paths.ts';
import type {MonitorCommand} from './preparation.ts';

/** What the disks of a domain need besides the command line. */
export interface DiskPlan {
  /** Files that are made before it is written down that they go again: one that is somebody else's must stay. */
  readonly files: readonly HostStep[];
  readonly steps: readonly HostStep[];
  readonly takeBacks: readonly TakeBack[];
  readonly monitorCommands: readonly MonitorCommand[];
  readonly transients: readonly TransientDisk[];
  /** What a guest gets over the monitor, so that a command line alone does not give it; a sentence each. */
  readonly notInLine: readonly string[];
}

/** Decides what is done for the disks of a domain before its emulator starts, and before its guest runs. @throws {VirtError} CONFIG_UNSUPPORTED */
export function planDisks(input: ArgvInput, paths: InstancePaths, owner: StepOwner): DiskPlan {
  const transients = planTransients(input, disk => overlayPath(disk, input, paths));
  const overlays = transients.map(({overlay}) => overlay.path);
  const helper = helperSteps(input, paths, owner);
  return {
    files: overlays.map(path => ({do: 'create-file', path, owner})),
    steps: [...secretSteps(input, paths, owner), ...helper.steps],
    takeBacks: [...overlays.map((path): TakeBack => ({what: 'file', path})), ...helper.takeBacks],
    monitorCommands: planThrottles(input),
    transients,
    notInLine: [
      ...throttledDisks(input).map(({target}) => `the limits of disk '${target.dev}' are set over the monitor`),
      ...transients.map(({dev}) => `disk '${dev}' becomes transient over the monitor`),
    ],
  };
}

/** Beside an image that is a file, as libvirt has it; for others in the driver's own folder. */
function overlayPath({source, target}: DiskDef, {def}: ArgvInput, {lib}: InstancePaths): string {
  const name = fileNameOf(def.name);
  return source?.type === 'file' ? `${source.path}.TRANSIENT-${name}` : `${lib}/${name}-${target.dev}.transient`;
}

/** Where the secrets of an instance are, laid out as libvirt has them in `/etc/libvirt/secrets`. */
export function secretsFolder({definitions}: InstancePaths): string {
  return `${definitions}/secrets`;
}

function secretSteps(input: ArgvInput, paths: InstancePaths, owner: StepOwner): readonly HostStep[] {
  const {def, settings} = input;
  const byPath = new Map<string, HostStep>();
  const add = (secrets: readonly GuestSecret[], what: string) => {
    for (const secret of secrets) {
      const path = secretFile(secret, domainDirectory(input));
      const store = secretsFolder(paths);
      byPath.set(path, {do: 'write-secret', path, value: secret.value, store, what, owner});
    }
  };
  for (const disk of devicesOf(def, 'disk')) {
    add(diskSecrets(disk, settings), `disk '${disk.target.dev}' of domain '${def.name}'`);
  }
  for (const hostdev of devicesOf(def, 'hostdev')) {
    add(hostdevSecrets(hostdev), `device '${hostdev.alias}' of domain '${def.name}'`);
  }
  for (const chip of flashLayers(def)) add(imageSecrets(chip, settings), `the firmware of domain '${def.name}'`);
  return [...byPath.values()];
}

/** Source of the program's name: libvirt 9.0.0, src/qemu/qemu.conf.in, pr_helper. */
const PR_HELPER = '/usr/bin/qemu-pr-helper';

/** It keeps root's rights, without which the kernel takes no reservation from it, and its socket is the guest's. */
function helperSteps(input: ArgvInput, paths: InstancePaths, owner: StepOwner): Pick<DiskPlan, 'steps' | 'takeBacks'> {
  if (!hasManagedReservations(input.def)) return {steps: [], takeBacks: []};
  const runDir = domainRunDir(paths, input.def.uuid);
  const socket = managedHelperSocket(domainDirectory(input));
  const pidFile = `${runDir}/pr-helper.stat`;
  const helper = {
    what: 'the helper for persistent reservations',
    program: PR_HELPER,
    args: ['-k', socket],
    socket,
    ...(owner ? {socketOwner: owner} : {}),
    pidFile,
    logPath: `${runDir}/pr-helper.log`,
  };
  return {steps: [{do: 'start-helper', helper}], takeBacks: [{what: 'process', pidFile}]};
}
