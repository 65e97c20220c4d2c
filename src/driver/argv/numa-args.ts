import type {ArgvInput} from './argv-input.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/** The guest's NUMA nodes: memory for each, and the processors that are near it. */
export function buildNumaArgs({def}: ArgvInput): QemuArg[] {
  return (def.cpu?.numa?.cells ?? []).flatMap(({id, cpus, memoryKiB}) => {
    const memdev = `ram-node${id}`;
    const size = memoryKiB * 1024n;
    return [
      optionsArg('-object', {id: memdev, size}, {key: 'qom-type', value: 'memory-backend-ram'}),
      nodeArg(id, cpus, memdev),
    ];
  });
}

/** Each range of processors is a key of its own. */
function nodeArg(nodeid: number, cpus: string | undefined, memdev: string): QemuArg {
  const ranges = (cpus ?? '').split(',').filter(range => range !== '');
  return {
    kind: 'options',
    flag: '-numa',
    implied: {key: 'type', value: 'node'},
    options: [['nodeid', nodeid], ...ranges.map(range => ['cpus', range] as const), ['memdev', memdev]],
  };
}
