import {findProgram} from './find-program.ts';
import {decodeOctalEscapes} from './octal-escapes.ts';
import {runProgram} from './run-program.ts';

/** An entry of an access control list. @see acl(5) */
export interface AclEntry {
  readonly tag: 'owner' | 'user' | 'owning group' | 'group' | 'mask' | 'other';
  /** Of a named user or group. */
  readonly id?: number;
  /** 4 read, 2 write, 1 execute or search. */
  readonly permissions: number;
}

const TIMEOUT_MS = 5_000;

/**
 * The access control lists of files that have one beyond their mode. Node reads no extended attributes, so the
 * program getfacl is asked.
 *
 * @returns undefined where that program is not installed
 */
export async function readAcls(
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly AclEntry[]> | undefined> {
  const getfacl = await findProgram('getfacl');
  if (getfacl === undefined) return undefined;
  if (paths.length === 0) return new Map();
  const args = ['--numeric', '--absolute-names', '--access', '--skip-base', '--', ...paths];
  return parseAcls((await runProgram(getfacl, args, {timeoutMs: TIMEOUT_MS})).output);
}

/** Reads what `getfacl --numeric --absolute-names` prints. @see getfacl(1) */
export function parseAcls(text: string): ReadonlyMap<string, readonly AclEntry[]> {
  const lists = new Map<string, AclEntry[]>();
  let current: AclEntry[] = [];
  for (const line of text.split('\n')) {
    const file = /^# file: (.*)$/.exec(line)?.[1];
    if (file !== undefined) {
      current = [];
      lists.set(decodeOctalEscapes(file), current);
    } else current.push(...entryOf(line));
  }
  return lists;
}

function entryOf(line: string): readonly AclEntry[] {
  const [, kind = '', id = '', letters = ''] = /^(user|group|mask|other):(\d*):([r-][w-][x-])/.exec(line) ?? [];
  if (kind === '') return [];
  const permissions = [...letters].reduce((bits, letter) => bits * 2 + (letter === '-' ? 0 : 1), 0);
  if (id !== '') return [{tag: kind === 'user' ? 'user' : 'group', id: Number(id), permissions}];
  const tags = {user: 'owner', group: 'owning group', mask: 'mask', other: 'other'} as const;
  const tag = Object.hasOwn(tags, kind) ? tags[kind as keyof typeof tags] : 'other';
  return [{tag, permissions}];
}
