import {mkdir, readdir, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {errnoOf, fileError, readTextIfThere, removeFile} from '../../host/files.ts';
import type {HostTree} from '../../host/host-tree.ts';
import {isAlive, type ProcessIdentity} from '../../host/proc.ts';
import {chooseLevel, type RandomBelow} from '../../security/selinux/category-pair.ts';
import {categoriesOf, type MlsRange} from '../../security/selinux/context.ts';
import {processContexts} from './selinux-host.ts';

/** What a level is chosen from, and who says so. */
export interface LevelRequest {
  /** The driver's own. */
  readonly range: MlsRange;
  /** The folder of all reservations: one file each, called after the pair. */
  readonly folder: string;
  /** The domain. */
  readonly uuid: string;
  /** This process. */
  readonly holder: ProcessIdentity;
  readonly tree: HostTree;
  readonly random: RandomBelow;
  readonly nowMs: number;
}

/** A level that no other guest of the host has, and the file that says so. */
export interface ClaimedLevel {
  readonly level: string;
  /** Removed when the guest has ended. */
  readonly file: string;
}

/** A reservation is young while its holder may not have written it whole. */
const YOUNG_MS = 60_000;

/**
 * A level that nobody has: no process of the host has its categories, and nobody else is about to start one with them.
 *
 * A guest that runs holds its pair by its process; until it does, the reservation's holder does, whose pid and start time
 * stand in the file. One that neither holds is left of a crash and is removed.
 *
 * @throws {VirtError} OPERATION_FAILED when no pair is free, SYSTEM_ERROR for the folder
 */
export async function claimLevel(request: LevelRequest): Promise<ClaimedLevel> {
  const {folder, uuid, holder, range, random} = request;
  await mkdir(folder, {recursive: true, mode: 0o700}).catch((error: unknown) => {
    throw fileError('make', folder, error);
  });
  const taken = new Set(await takenPairs(request));
  for (;;) {
    const level = chooseLevel(range, pair => taken.has(pair), random);
    const pair = pairIn(level);
    const file = join(folder, pair);
    if (await reserve(file, JSON.stringify({uuid, ...holder}))) return {level, file};
    taken.add(pair);
  }
}

/** A level that is free now; nobody keeps it so. */
export async function lookForLevel(request: LevelRequest): Promise<string> {
  const taken = new Set(await takenPairs(request));
  return chooseLevel(request.range, pair => taken.has(pair), request.random);
}

function pairIn(level: string): string {
  return level.slice(level.indexOf(':') + 1);
}

async function takenPairs(request: LevelRequest): Promise<readonly string[]> {
  const running = processContexts(request.tree).flatMap(context => categoriesOf(context) ?? []);
  const reserved: string[] = [];
  for (const pair of await namesIn(request.folder)) {
    if (running.includes(pair)) continue;
    if (await isHeld(join(request.folder, pair), request.nowMs)) reserved.push(pair);
    else await removeFile(join(request.folder, pair));
  }
  return [...running, ...reserved];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter(name => /^c\d+,c\d+$/.test(name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw fileError('read', folder, error);
  }
}

async function isHeld(file: string, nowMs: number): Promise<boolean> {
  const holder = decodeHolder(await readTextIfThere(file));
  if (holder) return isAlive(holder);
  const {mtimeMs} = (await stat(file).catch(() => undefined)) ?? {mtimeMs: 0}; // gone meanwhile: nobody holds it
  return nowMs - mtimeMs < YOUNG_MS;
}

function decodeHolder(text: string | undefined): ProcessIdentity | undefined {
  try {
    const {pid, startTicks} = JSON.parse(text ?? '');
    return typeof pid === 'number' && typeof startTicks === 'number' ? {pid, startTicks} : undefined;
  } catch {
    return undefined; // being written, or cut short by a crash
  }
}

/** @returns false when somebody has reserved it */
async function reserve(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, {flag: 'wx', mode: 0o600});
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fileError('write', file, error);
  }
}
