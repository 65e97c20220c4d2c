import type {DomainDef} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {jsonArg, type QemuArg, textArg} from './qemu-arg.ts';

/** Names of the block nodes of a flash image; undefined when the firmware is not in flash. */
export function pflashNodes(def: DomainDef): {readonly storage: string; readonly format: string} | undefined {
  return def.os.loader?.type === 'pflash' ? {storage: 'pflash0-storage', format: 'pflash0-format'} : undefined;
}

/** The firmware image: `-bios`, or two block nodes that `-machine pflash0=` refers to. */
export function buildFirmwareArgs({def}: ArgvInput): QemuArg[] {
  const loader = def.os.loader;
  const nodes = pflashNodes(def);
  if (loader === undefined) return [];
  if (nodes === undefined) return [textArg('-bios', loader.path)];
  return [
    jsonArg('-blockdev', {driver: 'file', filename: loader.path, 'node-name': nodes.storage, 'auto-read-only': true}),
    jsonArg('-blockdev', {
      driver: 'raw',
      'node-name': nodes.format,
      'read-only': loader.readonly,
      file: nodes.storage,
    }),
  ];
}
