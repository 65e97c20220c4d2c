import {VirtError} from '../../base/virt-error.ts';
import {changeTimeMs, type FileIdentity, listNames} from '../../host/file-identity.ts';
import {ensurePrivateDir, readTextIfThere, removeFile, writeTextAtomically} from '../../host/files.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import {EMULATOR_FLAGS} from '../../model/emulator-flags.ts';
import {asString, formatQmpJson, isQmpObject, parseQmpJson, type QmpValue} from '../../monitor/qmp-json.ts';
import {decodeCaps, encodeCaps} from './caps-json.ts';

/** Raised when what is stored, or what the same answers mean, changes. */
const SCHEMA_VERSION = 3;

/** What emulators answered before, one file for each, so that two programs never overwrite each other's. */
export class EmulatorCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * What this very file answered, with these modules; undefined when that is not known.
   * A file that is old or cannot be understood is removed: it is only a cache.
   *
   * @throws {VirtError} SYSTEM_ERROR when the file is there and cannot be read or removed
   */
  async read(file: FileIdentity): Promise<EmulatorCaps | undefined> {
    const path = this.#pathOf(file);
    const text = await readTextIfThere(path);
    if (text === undefined) return undefined;
    const caps = decodeEntry(text, await stampOf(file));
    if (caps === undefined) await removeFile(path);
    return caps;
  }

  /** @throws {VirtError} SYSTEM_ERROR when the directory cannot be written */
  async write(file: FileIdentity, caps: EmulatorCaps): Promise<void> {
    const entry = {stamp: await stampOf(file), caps: encodeCaps(caps)};
    await ensurePrivateDir(this.#directory);
    await writeTextAtomically(this.#pathOf(file), formatQmpJson(entry), {sync: false});
  }

  /** One name for each path: `/` is written `-`, and what could be confused with it is escaped. */
  #pathOf(file: FileIdentity): string {
    return `${this.#directory}/${encodeURIComponent(file.realPath).replaceAll('-', '%2D').replaceAll('%2F', '-')}.json`;
  }
}

function decodeEntry(text: string, stamp: string): EmulatorCaps | undefined {
  try {
    const entry: QmpValue = parseQmpJson(text);
    return isQmpObject(entry) && asString(entry.stamp) === stamp ? decodeCaps(entry.caps) : undefined;
  } catch (error) {
    if (error instanceof VirtError || error instanceof SyntaxError) return undefined; // corrupt: probed again
    throw error;
  }
}

/** All that the answers depend on: this program's questions, the file, and the modules that it loads. */
async function stampOf(file: FileIdentity): Promise<string> {
  const questions = `${SCHEMA_VERSION} ${EMULATOR_FLAGS.join(' ')}`;
  return [questions, file.realPath, file.sizeBytes, file.mtimeMs, file.ctimeMs, await modulesStamp()].join('\n');
}

/** When the directories with QEMU's modules last changed. */
async function modulesStamp(): Promise<string> {
  const multiarch = (await listNames('/usr/lib'))
    .filter(name => name.includes('-linux-'))
    .map(name => `/usr/lib/${name}`);
  const directories = [...multiarch, '/usr/lib', '/usr/lib64', '/usr/local/lib'].map(parent => `${parent}/qemu`);
  const times = await Promise.all(directories.map(changeTimeMs));
  return directories.map((directory, index) => `${directory}@${times[index] ?? 'none'}`).join(' ');
}
