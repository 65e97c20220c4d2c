import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {VirtError} from '../../../src/base/virt-error.ts';
import {HmpClient} from '../../../src/monitor/hmp-client.ts';
import {RecordedMonitor, type RecordedMonitorOptions} from './recorded-monitor.ts';
import {type HmpRecording, hasRecordings, readSessions, recordedVersions} from './recordings.ts';

const PROMPT = '(qemu) ';

/** A command of the recordings with what its client has to say, and the questions that it was asked on the way. */
interface Exchange {
  readonly command: string;
  readonly recordings: readonly HmpRecording[];
  readonly password?: string;
  readonly answers: string | 'password' | 'end of file' | 'silence';
}

/** What of a recording is an answer: without the row of the command and the prompt. */
function answerOf({plain}: HmpRecording): string {
  const rows = plain.slice(plain.indexOf('\n') + 1);
  const text = rows.endsWith(PROMPT) ? rows.slice(0, -PROMPT.length) : rows;
  const utf8 = text.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const decoded = Buffer.from(utf8, 'latin1').toString('utf8');
  return decoded === '' || decoded.endsWith('\n') ? decoded : `${decoded}\n`;
}

/** One line with one line end, as the client writes it; what tests the editing of lines is left out. */
function commandOf({written}: HmpRecording): string | undefined {
  const line = /^([^\r\n\x00-\x1f]*)\r$/.exec(written ?? '')?.[1];
  return line === undefined ? undefined : Buffer.from(line, 'latin1').toString('utf8');
}

function exchangesOf(session: readonly HmpRecording[]): readonly Exchange[] {
  return session.flatMap((recording, index) => {
    const command = commandOf(recording);
    const before = session[index - 1];
    if (command === undefined || before?.end === 'password' || before?.end === 'silence') return [];
    const next = session[index + 1];
    if (recording.end === 'password' && next !== undefined && commandOf(next) !== undefined) {
      const answers = next.end === 'prompt' ? answerOf(next) : ('silence' as const);
      return [{command, recordings: [recording, next], password: commandOf(next) ?? '', answers}];
    }
    return [
      {command, recordings: [recording], answers: recording.end === 'prompt' ? answerOf(recording) : recording.end},
    ];
  });
}

async function ask({command, recordings, password}: Exchange, connect: HmpRecording, options?: RecordedMonitorOptions) {
  const client = new HmpClient(new RecordedMonitor([connect, ...recordings], options));
  try {
    await client.waitForPrompt({timeoutMs: 2_000});
    return await client.execute(command, {timeoutMs: 500, ...(password === undefined ? {} : {password})});
  } catch (error) {
    if (!(error instanceof VirtError)) throw error;
    if (error.message.includes('closed the connection')) return 'end of file';
    return error.code === 'OPERATION_TIMEOUT' ? 'silence' : error.message;
  } finally {
    client.dispose();
  }
}

describe.skipIf(!hasRecordings)('a client of recorded text monitors (skipped without the corpus)', () => {
  for (const version of hasRecordings ? recordedVersions() : []) {
    const sessions = readSessions(version);
    for (const [session, recordings] of sessions) {
      const [connect] = recordings;
      const exchanges = exchangesOf(recordings);
      if (connect?.end !== 'prompt' || exchanges.length === 0) continue;
      test(`gives every answer of ${version}, session ${session} (${exchanges.length})`, async () => {
        const given = await Promise.all(
          exchanges.map(async exchange => [exchange.recordings[0]?.name, await ask(exchange, connect)]),
        );
        expect(given).toEqual(exchanges.map(({recordings: [first], answers}) => [first?.name, answers]));
      });

      test(`gives one client all answers of ${version}, session ${session}, one after the other`, async () => {
        const whole = exchanges.slice(0, endOfOneRun(exchanges));
        const client = new HmpClient(new RecordedMonitor([connect, ...whole.flatMap(({recordings: parts}) => parts)]));
        await client.waitForPrompt();
        const given = await Promise.all(
          whole.map(({command, password}) => client.execute(command, password === undefined ? {} : {password})),
        );
        client.dispose();
        expect(given).toEqual(whole.map(({answers}) => answers));
      });
    }
  }

  test('does not depend on how what comes is cut', async () => {
    const known = recordedVersions().flatMap(version =>
      [...readSessions(version).values()].flatMap(recordings => {
        const [connect] = recordings;
        const exchanges = exchangesOf(recordings).filter(
          ({answers, recordings: [first]}) =>
            answers !== 'silence' && answers !== 'end of file' && (first?.raw.length ?? 0) < 5_000,
        );
        return connect?.end === 'prompt' ? exchanges.map(exchange => ({exchange, connect})) : [];
      }),
    );
    const sizes = fc.infiniteStream(fc.integer({min: 1, max: 400}));
    await fc.assert(
      fc.asyncProperty(fc.nat(known.length - 1), sizes, async (index, stream) => {
        const {exchange, connect} = known[index] as (typeof known)[number];
        expect(await ask(exchange, connect, {cut: ({raw}) => cutAt(raw, stream)})).toBe(exchange.answers);
      }),
      {numRuns: 400, seed: 20090914},
    );
  });
});

/** The first exchange that leaves no monitor to ask on. */
function endOfOneRun(exchanges: readonly Exchange[]): number {
  const end = exchanges.findIndex(({answers}) => answers === 'end of file' || answers === 'silence');
  return end < 0 ? exchanges.length : end;
}

function cutAt(raw: Buffer, sizes: Iterator<number>): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let offset = 0; offset < raw.length; ) {
    const size = Number(sizes.next().value);
    pieces.push(raw.subarray(offset, offset + size));
    offset += size;
  }
  return pieces;
}
