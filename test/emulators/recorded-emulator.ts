import {existsSync, readFileSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {writeProgram} from './fake-emulator.ts';

/** What a real emulator did when it was given some arguments. */
export interface Recording {
  /** As one text, e.g. `-M ?`. */
  readonly args: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const FILES = ['help.txt', 'machines.txt', 'cpus.txt', 'device.txt'];

/** Reads the recordings of one emulator that are questions to itself, byte for byte. @throws {Error} when a stream has not the size that is noted */
export function readRecordings(folder: string): readonly Recording[] {
  return FILES.map(name => join(folder, name))
    .filter(existsSync)
    .flatMap(path => parseRecordings(readFileSync(path, 'latin1')));
}

function parseRecordings(text: string): readonly Recording[] {
  const recordings: Recording[] = [];
  for (const part of text.split(/^##### qemu ?/m).slice(1)) {
    const [args = '', head = ''] = part.split('\n', 2);
    const sizes = /^##### exit (\d+); stdout (\d+) bytes; stderr (\d+) bytes$/.exec(head);
    if (sizes === null) continue; // it did not end by itself
    const [exitCode = 0, stdoutBytes = 0, stderrBytes = 0] = sizes.slice(1).map(Number);
    const isSame = ({stdout, stderr}: Recording) => stdout.length === stdoutBytes && stderr.length === stderrBytes;
    const same = part.includes('\n##### same bytes as above\n') ? recordings.findLast(isSame) : undefined;
    const stdout = same?.stdout ?? streamOf(part, 'stdout');
    const stderr = same?.stderr ?? streamOf(part, 'stderr');
    if (stdout.length !== stdoutBytes || stderr.length !== stderrBytes) {
      throw new Error(`the recording of '${args}' is not whole: ${stdout.length} and ${stderr.length} bytes`);
    }
    recordings.push({args, exitCode, stdout, stderr});
  }
  return recordings;
}

function streamOf(part: string, stream: 'stdout' | 'stderr'): string {
  const start = part.indexOf(`\n##### ${stream}:\n`);
  if (start < 0) return '';
  const bytes = part.slice(start + `\n##### ${stream}:\n`.length);
  return bytes.slice(0, bytes.search(/^##### /m));
}

/**
 * Writes a program that does for each recorded question what the emulator did, and for any other what it said to an option that
 * it does not know. Each question is noted beside it.
 */
export async function writeRecordedEmulator(path: string, recordings: readonly Recording[]): Promise<void> {
  const streams = `${path}.streams`;
  await mkdir(streams);
  const unknown = recordings.find(({args}) => args === '-nosuchoption');
  if (unknown === undefined) throw new Error('no recording of an unknown option');
  const cases = await Promise.all(
    recordings.map(async ({args, exitCode, stdout, stderr}, index) => {
      await writeFile(join(streams, `${index}.out`), stdout, 'latin1');
      await writeFile(join(streams, `${index}.err`), stderr, 'latin1');
      return `'${args}') cat '${streams}/${index}.out'; cat '${streams}/${index}.err' >&2; exit ${exitCode};;`;
    }),
  );
  const refuse = `*) printf '%s' '${unknown.stderr.replaceAll("'", `'\\''`)}' >&2; exit ${unknown.exitCode};;`;
  await writeProgram(
    path,
    [`printf '%s\\n' "$*" >>'${path}.asked'`, 'case "$*" in', ...cases, refuse, 'esac'].join('\n'),
  );
}

/** The questions that such a program was asked, oldest first. */
export async function questionsTo(path: string): Promise<readonly string[]> {
  return (await readFile(`${path}.asked`, 'utf8')).trimEnd().split('\n');
}
