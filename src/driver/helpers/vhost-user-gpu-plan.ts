import {VirtError} from '../../base/virt-error.ts';
import type {VideoDef} from '../../model/devices/video.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {videoHelperSocket} from '../argv/devices/video.ts';
import type {HostCommand} from '../host-steps/host-step.ts';
import {domainRunDir, type InstancePaths} from '../instance-paths.ts';
import type {Preparation} from '../preparation.ts';

export interface GpuHost {
  readonly paths: InstancePaths;
  /** The program that draws; undefined: none is installed. */
  readonly program: string | undefined;
  readonly confine: (command: HostCommand) => HostCommand;
}

/**
 * One program for each graphics adapter whose driver is `vhostuser`; it ends with the connection of its emulator.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when there is no such program, or the guest's memory is not shared with it
 */
export function planVhostUserGpus(def: DomainDef, host: GpuHost): Pick<Preparation, 'steps' | 'takeBacks'> {
  const videos = devicesOf(def, 'video').filter(({driver}) => driver?.name === 'vhostuser');
  if (videos.length === 0) return {steps: [], takeBacks: []};
  if (host.program === undefined) throw refused(def, 'none is installed here', 'install QEMU’s vhost-user-gpu');
  if (!isMemoryShared(def)) {
    const hint = "add <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";
    throw refused(def, 'it must see the guest’s memory, which is not shared', hint);
  }
  const runDir = domainRunDir(host.paths, def.uuid);
  const pidFile = ({alias}: VideoDef) => `${runDir}/${alias}.pid`;
  const {program, confine} = host;
  return {
    steps: videos.map(video => {
      const socket = videoHelperSocket(video, runDir);
      const command = confine({program, args: [`--socket-path=${socket}`, ...drawing(video)]});
      const what = `the graphics adapter '${video.alias}' of domain '${def.name}'`;
      const logPath = `${runDir}/${video.alias}.log`;
      return {do: 'start-helper', helper: {...command, what, socket, pidFile: pidFile(video), logPath}};
    }),
    takeBacks: videos.map(video => ({what: 'process', pidFile: pidFile(video)})),
  };
}

function drawing({model}: VideoDef): readonly string[] {
  const {accel3d, rendernode} = model?.acceleration ?? {};
  return [...(accel3d ? ['--virgl'] : []), ...(rendernode === undefined ? [] : [`--render-node=${rendernode}`])];
}

function isMemoryShared({memoryBacking, cpu}: DomainDef): boolean {
  const cells = cpu?.numa?.cells ?? [];
  return (
    memoryBacking?.accessMode === 'shared' || (cells.length > 0 && cells.every(({memAccess}) => memAccess === 'shared'))
  );
}

function refused({name}: DomainDef, why: string, hint: string): VirtError {
  const what = `cannot start domain '${name}': its graphics adapter is a program of its own, and ${why}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', what, {hint});
}

/**
 * The program of a description if that is one of a graphics adapter.
 *
 * @param text  JSON with `type` and `binary`; another text is none
 */
export function gpuProgramOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('type' in value) || !('binary' in value)) return undefined;
    return value.type === 'gpu' && typeof value.binary === 'string' ? value.binary : undefined;
  } catch {
    return undefined;
  }
}
