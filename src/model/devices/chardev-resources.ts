import type {ChardevSource} from './chardev-source.ts';
import type {HostResource} from './device-codec.ts';

/** A character device, as far as files of the host are concerned. */
interface ChardevFiles {
  readonly source: ChardevSource;
  readonly log?: {readonly file: string};
}

/**
 * What the host's side of a character device touches, its log included.
 *
 * @param device  how a message names it, e.g. `serial port 0`
 */
export function chardevResources({source, log}: ChardevFiles, device: string): readonly HostResource[] {
  const own = sourceResource(source, device);
  const written = {type: 'file', access: 'write', shared: false, created: true, device} as const;
  return [...(own ? [own] : []), ...(log ? [{role: 'log', path: log.file, ...written} as const] : [])];
}

/** A pty is made by the emulator in `/dev/pts`, a socket without a path by the driver; neither is the definition's. */
function sourceResource(source: ChardevSource, device: string): HostResource | undefined {
  const labels = 'seclabels' in source && source.seclabels ? {seclabels: source.seclabels} : {};
  const shape = {role: 'chardev', access: 'write', shared: false, device, ...labels} as const;
  switch (source.type) {
    case 'file':
      return {...shape, path: source.path, type: 'file', created: true};
    case 'dev':
      return {...shape, path: source.path, type: 'char', created: false};
    case 'pipe':
      return {...shape, path: source.path, type: 'pipe', created: false};
    case 'unix':
      return source.path === undefined
        ? undefined
        : {...shape, path: source.path, type: 'socket', created: source.mode === 'bind'};
    default:
      return undefined;
  }
}
