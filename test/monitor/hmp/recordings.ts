import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** What one command of a recording wrote, what came, and how. */
export interface HmpRecording {
  readonly version: string;
  readonly session: string;
  /** The file's name without its end. */
  readonly name: string;
  /** Bytes that were written, as characters of one byte each; undefined for what came at the connection. */
  readonly written: string | undefined;
  readonly raw: Buffer;
  readonly readSizes: readonly number[];
  /** After a small terminal emulation, with a line break after each row but the last. */
  readonly plain: string;
  readonly end: 'prompt' | 'password' | 'end of file' | 'silence';
}

/** Of real emulators; not part of this repository. */
export const recordingsFolder = join(
  process.env.VIRTTY_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus'),
  'hmp',
);

export const hasRecordings = existsSync(`${recordingsFolder}/README.md`);

export function recordedVersions(): readonly string[] {
  return readdirSync(recordingsFolder, {withFileTypes: true}).flatMap(entry =>
    entry.isDirectory() ? [entry.name] : [],
  );
}

/** The recordings of one emulator by session, each in its order, the connection first. */
export function readSessions(version: string): ReadonlyMap<string, readonly HmpRecording[]> {
  const sessions = new Map<string, {readonly order: number; readonly recording: HmpRecording}[]>();
  for (const file of readdirSync(`${recordingsFolder}/${version}/monitor`)) {
    const [, session = '', order = ''] = /^([a-z]+)-(\d+)-/.exec(file) ?? [];
    const text = readFileSync(`${recordingsFolder}/${version}/monitor/${file}`, 'latin1');
    if (text.includes('# outcome: NO PTY')) continue;
    const recording = decodeRecording(text, {version, session, name: file.replace('.txt', '')});
    sessions.set(session, [...(sessions.get(session) ?? []), {order: Number(order), recording}]);
  }
  const inOrder = (entries: readonly {readonly order: number; readonly recording: HmpRecording}[]) =>
    entries.toSorted((a, b) => a.order - b.order).map(({recording}) => recording);
  return new Map([...sessions].map(([session, entries]) => [session, inOrder(entries)]));
}

/** One recording of a session. @throws {Error} when there is none of that name */
export function findRecording(version: string, name: RegExp): HmpRecording {
  const found = [...readSessions(version).values()].flat().find(recording => name.test(recording.name));
  if (!found) throw new Error(`no recording of ${version} is called ${String(name)}`);
  return found;
}

function decodeRecording(text: string, names: Pick<HmpRecording, 'version' | 'session' | 'name'>): HmpRecording {
  const head = (key: string) => new RegExp(`^# ${key}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  const between = (from: string, to: string) =>
    text.slice(text.indexOf(`--- ${from}\n`) + from.length + 5, text.indexOf(`\n--- ${to}`));
  const written = head('written').startsWith('nothing') ? undefined : unescapeBytes(head('written'));
  const line = (written ?? '').replace(/[\r\n]+$/, '');
  const hex = unescapeBytes(between('hex', 'plain').replaceAll('\n', '')).replace('{ECHO}', quadraticEcho(line));
  return {
    ...names,
    written,
    raw: Buffer.from(hex, 'latin1'),
    readSizes: [...(/read\(\) sizes \[([^\]]*)\]/.exec(text)?.[1] ?? '').matchAll(/\d+/g)].map(([size]) =>
      Number(size),
    ),
    plain: between('plain', 'end ---'),
    end: endOf(head('outcome')),
  };
}

function endOf(outcome: string): HmpRecording['end'] {
  if (outcome.startsWith('ends with the prompt')) return 'prompt';
  if (outcome.startsWith('ends with a password prompt')) return 'password';
  return outcome.startsWith('read: end of file') ? 'end of file' : 'silence';
}

/** What `{ECHO}` stands for. */
export function quadraticEcho(line: string): string {
  return Array.from(line, (_, index) => `${'\x1b[D'.repeat(index)}${line.slice(0, index + 1)}\x1b[K`).join('');
}

function unescapeBytes(text: string): string {
  const named: Readonly<Record<string, string>> = {r: '\r', n: '\n', t: '\t', '\\': '\\'};
  return text.replace(/\\(?:x([0-9a-f]{2})|([rnt\\]))/g, (_, code: string | undefined, letter: string) =>
    code === undefined ? (named[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The pieces in which a recording came; sizes that the recorder left out are one piece. */
export function recordedChunks({raw, readSizes}: HmpRecording): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const size of readSizes) {
    chunks.push(raw.subarray(offset, offset + size));
    offset += size;
  }
  return [...chunks, raw.subarray(offset)].filter(chunk => chunk.length > 0);
}
