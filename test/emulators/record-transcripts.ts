/**
 * Records what the emulators of this host answer to a probe, all of them in one compressed file, and writes down what is
 * read from that: node test/emulators/record-transcripts.ts
 */
import {writeFileSync} from 'node:fs';
import {basename} from 'node:path';
import {brotliCompressSync, constants} from 'node:zlib';
import {askEverything} from '../../src/driver/emulators/ask-everything.ts';
import {DEFAULT_SEARCH_DIRS, findEmulators} from '../../src/driver/emulators/find-emulators.ts';
import {PROBE_ARGS} from '../../src/driver/emulators/probe.ts';
import {spawnPiped} from '../../src/host/piped-child.ts';
import {QmpClient} from '../../src/monitor/qmp-client.ts';
import {formatQmpJson} from '../../src/monitor/qmp-json.ts';
import {SUMMARIES, summariseAll} from './summarise-caps.ts';
import {type Answered, recording, TRANSCRIPTS} from './transcript.ts';

async function record(path: string): Promise<readonly Answered[]> {
  const child = spawnPiped(path, PROBE_ARGS);
  const client = new QmpClient(child.stream);
  try {
    const recorder = recording(client);
    await askEverything(recorder, {timeoutMs: 60_000});
    return recorder.transcript.toSorted((a, b) => (a.question < b.question ? -1 : 1));
  } finally {
    child.kill();
    client.dispose();
  }
}

const transcripts: Record<string, readonly Answered[]> = {};
for (const emulator of await findEmulators(DEFAULT_SEARCH_DIRS)) {
  if ('file' in emulator) transcripts[basename(emulator.path)] = await record(emulator.path);
}
const json = Buffer.from(formatQmpJson(transcripts));
const params = {
  // One window over all of them: most of what they say is the same.
  [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  [constants.BROTLI_PARAM_SIZE_HINT]: json.length,
};
writeFileSync(TRANSCRIPTS, brotliCompressSync(json, {params}));
writeFileSync(SUMMARIES, await summariseAll(transcripts));
console.log(`${Object.keys(transcripts).length} emulators, ${json.length} bytes`);
