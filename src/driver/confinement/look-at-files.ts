import {stat} from 'node:fs/promises';
import {setTimeout} from 'node:timers/promises';
import {errnoOf} from '../../host/files.ts';
import {runProgram} from '../../host/run-program.ts';
import type {SeenFile, UsedFile} from '../../security/check-file.ts';

const TIMEOUT_MS = 500;
const PROGRAM_TIMEOUT_MS = 5_000;

type Found = Extract<SeenFile, {is: 'there'}>;

interface KnownLabel {
  readonly ctimeNs: bigint;
  readonly label: string | undefined;
}

/**
 * Looks at files again and again. A server that is away lets nobody ask twice at a time: each question that it does not
 * answer holds one of Node's few threads.
 */
export class FileLooker {
  readonly #asked = new Map<string, Promise<LookedAt>>();
  /** A new label changes the time of the inode, and to read one takes a program. */
  readonly #labels = new Map<string, KnownLabel>();

  /** The files as they are now, in their order; those that were given a label with the one that they have. */
  async look(files: readonly UsedFile[]): Promise<readonly SeenFile[]> {
    const looked = await this.#lookAtAll(files);
    const labelled = files.flatMap(({path, given}, index) => {
      const one = looked[index];
      return given?.label !== undefined && one?.seen.is === 'there' ? [{path, ctimeNs: one.ctimeNs}] : [];
    });
    if (labelled.length > 0) await this.#readLabels(labelled);
    return looked.map(({seen}, index) => {
      const file = files[index];
      const label = file?.given?.label === undefined ? undefined : this.#labels.get(file.path)?.label;
      return seen.is === 'there' && label !== undefined ? {...seen, label} : seen;
    });
  }

  async #lookAtAll(files: readonly UsedFile[]): Promise<readonly LookedAt[]> {
    const timer = new AbortController();
    const limit = setTimeout(TIMEOUT_MS, SILENT, {signal: timer.signal}).catch(() => SILENT);
    const looked = await Promise.all(files.map(({path}) => Promise.race([this.#ask(path), limit])));
    timer.abort();
    return looked;
  }

  #ask(path: string): Promise<LookedAt> {
    const before = this.#asked.get(path);
    if (before) return before;
    const asking = lookAt(path).finally(() => this.#asked.delete(path));
    this.#asked.set(path, asking);
    return asking;
  }

  async #readLabels(files: readonly {readonly path: string; readonly ctimeNs: bigint}[]): Promise<void> {
    const changed = files.filter(({path, ctimeNs}) => this.#labels.get(path)?.ctimeNs !== ctimeNs);
    const found = await readLabels(changed.map(({path}) => path));
    for (const {path, ctimeNs} of changed) this.#labels.set(path, {ctimeNs, label: found.get(path)});
  }
}

interface LookedAt {
  readonly seen: SeenFile;
  readonly ctimeNs: bigint;
}

const SILENT: LookedAt = {seen: {is: 'silent'}, ctimeNs: 0n};

/** Through symbolic links, as an emulator opens it. */
async function lookAt(path: string): Promise<LookedAt> {
  try {
    const {dev, ino, uid, gid, mode, ctimeNs} = await stat(path, {bigint: true});
    const seen: Found = {
      is: 'there',
      dev: String(dev),
      ino: String(ino),
      uid: Number(uid),
      gid: Number(gid),
      mode: Number(mode & 0o7777n),
    };
    return {seen, ctimeNs};
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return {seen: {is: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'hidden'}, ctimeNs: 0n};
  }
}

/** The labels of files by their paths; those that have none, or went meanwhile, are left out. @see stat(1): `?` is none */
async function readLabels(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  // A path may have a line break in it.
  const {output} = await runProgram('/usr/bin/stat', ['-L', '--printf=%C\\t%n\\0', '--', ...paths], {
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
  const told = output.split('\0').filter(line => line.includes('\t'));
  const lines = told.map(line => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]);
  return new Map(lines.flatMap(([label, path]) => (label && path && label !== '?' ? [[path, label] as const] : [])));
}
