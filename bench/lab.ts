import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {accessSync, constants, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {writeBootSectorImage} from '../test/guests/boot-sector/boot-sector.ts';
import {bootSectorXml} from '../test/guests/domain-xml.ts';

const PROGRAM = path.join(import.meta.dirname, '../bin/virtty');

/** The guest that is started; it boots in a moment and echoes what is typed. */
export const GUEST = 'bench-guest';
/** Defined beside it, so that a list has something to show. */
const OTHERS = ['bench-other-1', 'bench-other-2'];

/** A command that hangs is killed. */
const LIMIT = {timeout: 60_000, killSignal: 'SIGKILL'} as const;

/** Where things are measured: an embedded instance of its own with three domains in it. */
export interface Lab {
  /** The directory of the instance. */
  readonly root: string;
  /** How often a thing is done whose median is taken. */
  readonly runs: number;
  /** How long the screen is watched while nothing happens. */
  readonly idleMs: number;
  /** Path of QEMU for x86, undefined without one. */
  readonly emulator: string | undefined;
  /** The command line of virtty on this instance, program first. */
  readonly command: (...args: readonly string[]) => readonly [string, ...string[]];
  readonly dispose: () => Promise<void>;
}

/** Makes a lab in a directory of its own. @throws {Error} when virtty cannot define domains there */
export async function openLab({quick}: {readonly quick: boolean}): Promise<Lab> {
  const root = mkdtempSync(path.join(tmpdir(), 'vt-'));
  const command: Lab['command'] = (...args) => [PROGRAM, '-c', `qemu:///embed?root=${root}`, ...args];
  const image = path.join(root, 'boot-sector.img');
  writeBootSectorImage(image);
  for (const name of [GUEST, ...OTHERS]) {
    const file = path.join(root, `${name}.xml`);
    writeFileSync(file, bootSectorXml({name, imagePath: image}));
    await runQuietly(command('define', file));
  }
  const dispose = async () => {
    await exitOf(spawn(...split(command('destroy', GUEST)), {stdio: 'ignore', ...LIMIT}));
    rmSync(root, {recursive: true, force: true});
  };
  return {root, runs: quick ? 3 : 11, idleMs: quick ? 3000 : 10_000, emulator: findEmulator(), command, dispose};
}

/** Runs a command to its end. @returns milliseconds from its spawn to its exit; @throws {Error} when it fails */
export async function timeCommand(command: readonly [string, ...string[]]): Promise<number> {
  const start = performance.now();
  await runQuietly(command);
  return performance.now() - start;
}

/** Runs a command. @returns what it printed; @throws {Error} with its own words when it fails */
export async function outputOf(command: readonly [string, ...string[]]): Promise<string> {
  const child = spawn(...split(command), {stdio: ['ignore', 'pipe', 'pipe'], ...LIMIT});
  let [output, errors] = ['', ''];
  child.stdout.on('data', chunk => {
    output += String(chunk);
  });
  child.stderr.on('data', chunk => {
    errors += String(chunk);
  });
  const status = await exitOf(child);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${errors.trim()}`);
  return output;
}

/** Without pipes: they would take part in what is measured. */
async function runQuietly(command: readonly [string, ...string[]]): Promise<void> {
  const status = await exitOf(spawn(...split(command), {stdio: ['ignore', 'ignore', 'inherit'], ...LIMIT}));
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  const [status] = await once(child, 'exit');
  return status;
}

function split([file, ...args]: readonly [string, ...string[]]): [string, string[]] {
  return [file, args];
}

function findEmulator(): string | undefined {
  const folders = `${process.env.PATH ?? ''}:/usr/bin`.split(':').filter(Boolean);
  return folders.map(folder => path.join(folder, 'qemu-system-x86_64')).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // the answer, not a failure
  }
}
