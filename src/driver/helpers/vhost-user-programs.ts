import {readdir} from 'node:fs/promises';
import {isExecutable, readTextIfThere} from '../../host/files.ts';

/** Where packages describe such programs; the first folder counts most. Source: QEMU 7.2, docs/interop/vhost-user.json. */
const DESCRIPTIONS = ['/etc/qemu/vhost-user', '/usr/local/share/qemu/vhost-user', '/usr/share/qemu/vhost-user'];

/** What a program can be for a guest. */
export type VhostUserType = 'gpu' | 'fs';

/** The first program of a type that is described and installed. */
export async function findVhostUserProgram(type: VhostUserType): Promise<string | undefined> {
  const seen = new Set<string>();
  for (const directory of DESCRIPTIONS) {
    const names = await readdir(directory).catch(() => []); // not there
    for (const name of names.toSorted()) {
      if (!name.endsWith('.json') || seen.has(name)) continue;
      seen.add(name);
      const program = vhostUserProgramOf((await readTextIfThere(`${directory}/${name}`)) ?? '', type);
      if (program !== undefined && (await isExecutable(program))) return program;
    }
  }
  return undefined;
}

/**
 * The program of a description if that is one of a type.
 *
 * @param text  JSON with `type` and `binary`; another text is none
 */
export function vhostUserProgramOf(text: string, type: VhostUserType): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('type' in value) || !('binary' in value)) return undefined;
    return value.type === type && typeof value.binary === 'string' ? value.binary : undefined;
  } catch {
    return undefined;
  }
}
