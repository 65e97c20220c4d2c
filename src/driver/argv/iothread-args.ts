import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {objectArg} from './object-arg.ts';
import type {QemuArg} from './qemu-arg.ts';

interface Pool {
  readonly threadPoolMin?: number;
  readonly threadPoolMax?: number;
}

/**
 * The threads that devices name as `iothreadN`: those with a number of their own, and as many more as are wanted,
 * with the lowest numbers that are free, as libvirt 9.0.0 counts them (virDomainIOThreadIDDefArrayInit); and the pool of
 * the emulator's own thread.
 */
export function buildIothreadArgs(input: ArgvInput): readonly QemuArg[] {
  const {def, caps} = input;
  const threads = new Map((def.iothreadids ?? []).map(({id, ...pool}) => [id, pool]));
  for (let id = 1; threads.size < (def.iothreads ?? 0); id++) if (!threads.has(id)) threads.set(id, {});
  const own = [...threads].map(([id, pool]) => objectArg('iothread', `iothread${id}`, poolOf(pool, input), caps));
  const main = poolOf(def.defaultiothread ?? {}, input);
  if (Object.values(main).every(limit => limit === undefined)) return own;
  if (!caps.flags.has('main-loop')) throw notYetSupported('<defaultiothread> with this emulator', input);
  return [...own, objectArg('main-loop', 'main-loop', main, caps)];
}

function poolOf({threadPoolMin, threadPoolMax}: Pool, input: ArgvInput) {
  const isSaid = threadPoolMin !== undefined || threadPoolMax !== undefined;
  if (isSaid && !input.caps.flags.has('iothread-pool'))
    throw notYetSupported('the pool of a thread for I/O with this emulator', input);
  return {'thread-pool-min': threadPoolMin, 'thread-pool-max': threadPoolMax};
}
