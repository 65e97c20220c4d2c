import type {ArgvInput} from './argv-input.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/**
 * The threads that devices name as `iothreadN`: those with a number of their own, and as many more as are wanted,
 * with the lowest numbers that are free, as libvirt 9.0.0 counts them (virDomainIOThreadIDDefArrayInit).
 */
export function buildIothreadArgs({def}: ArgvInput): QemuArg[] {
  const ids = new Set((def.iothreadids ?? []).map(({id}) => id));
  for (let id = 1; ids.size < (def.iothreads ?? 0); id++) ids.add(id);
  return [...ids].map(id => optionsArg('-object', {id: `iothread${id}`}, {key: 'qom-type', value: 'iothread'}));
}
