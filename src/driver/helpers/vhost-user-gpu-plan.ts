import {VirtError} from '../../base/virt-error.ts';
import type {VideoDef} from '../../model/devices/video.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {SHARE_MEMORY_HINT, sharesMemory} from '../../model/shared-memory.ts';
import {videoHelperSocket} from '../argv/devices/video.ts';
import type {HostCommand} from '../host-steps/host-step.ts';
import {domainRunDir, guestRunDir, type InstancePaths} from '../instance-paths.ts';
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
  if (!sharesMemory(def)) {
    throw refused(def, 'it must see the guest’s memory, which is not shared', SHARE_MEMORY_HINT);
  }
  const runDir = domainRunDir(host.paths, def.uuid);
  const pidFile = ({alias}: VideoDef) => `${runDir}/${alias}.pid`;
  const {program, confine} = host;
  return {
    steps: videos.map(video => {
      const socket = videoHelperSocket(video, guestRunDir(host.paths, def.uuid));
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

function refused({name}: DomainDef, why: string, hint: string): VirtError {
  const what = `cannot start domain '${name}': its graphics adapter is a program of its own, and ${why}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', what, {hint});
}
