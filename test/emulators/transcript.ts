import {readFileSync} from 'node:fs';
import {brotliDecompressSync} from 'node:zlib';
import type {AnsweringMonitor} from '../../src/driver/emulators/ask-everything.ts';
import {QmpCommandError} from '../../src/monitor/qmp-client.ts';
import type {QmpObject, QmpValue} from '../../src/monitor/qmp-json.ts';

/** What an emulator said to one question; `refused` is the class of its error. */
export type Answered =
  | {readonly question: string; readonly answer: QmpValue}
  | {readonly question: string; readonly refused: string};

/** What each emulator of one host said when it was probed, by the name of its file. */
export type Transcripts = Readonly<Record<string, readonly Answered[]>>;

export const TRANSCRIPTS = new URL('goldens/transcripts.json.br', import.meta.url);

/** The recordings of `record-transcripts.ts`. */
export function readTranscripts(): Transcripts {
  const text = brotliDecompressSync(readFileSync(TRANSCRIPTS)).toString('utf8');
  return JSON.parse(text);
}

export function questionOf(command: string, args?: QmpObject): string {
  return args === undefined ? command : `${command} ${JSON.stringify(args)}`;
}

/** Answers as an emulator did. A question that it was not asked then is a bug of the test: record anew. */
export function replay(transcript: readonly Answered[], forgotten: readonly string[] = []): AnsweringMonitor {
  const byQuestion = new Map(transcript.map(answered => [answered.question, answered]));
  return {
    negotiate: async () => ({version: {major: 0, minor: 0, micro: 0}}),
    execute: async (command, args) => {
      if (forgotten.includes(command)) throw new QmpCommandError(command, 'CommandNotFound', 'it is forgotten');
      const answered = byQuestion.get(questionOf(command, args));
      if (answered === undefined) {
        throw new Error(
          `'${questionOf(command, args)}' is not recorded: run node test/emulators/record-transcripts.ts`,
        );
      }
      if ('refused' in answered) throw new QmpCommandError(command, answered.refused, 'as it was recorded');
      return answered.answer;
    },
  };
}

/** Asks a monitor, and keeps what it says. */
export function recording(monitor: AnsweringMonitor): AnsweringMonitor & {readonly transcript: readonly Answered[]} {
  const transcript: Answered[] = [];
  return {
    transcript,
    negotiate: options => monitor.negotiate(options),
    execute: async (command, args, options) => {
      const question = questionOf(command, args);
      try {
        const answer = await monitor.execute(command, args, options);
        transcript.push({question, answer});
        return answer;
      } catch (error) {
        if (error instanceof QmpCommandError) transcript.push({question, refused: error.qemuClass});
        throw error;
      }
    },
  };
}
