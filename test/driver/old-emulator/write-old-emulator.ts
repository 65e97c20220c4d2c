import {join} from 'node:path';
import {writeProgram} from '../../emulators/fake-emulator.ts';
import {readRecordings, writeRecordedEmulator} from '../../emulators/recorded-emulator.ts';
import {recordingsFolder} from '../../monitor/hmp/recordings.ts';

/**
 * Writes a program `qemu` that is an emulator of before QMP as far as it was recorded: to questions about itself, and
 * started for a guest.
 */
export async function writeOldEmulator(path: string, version: string): Promise<void> {
  await writeRecordedEmulator(`${path}.questions`, readRecordings(join(recordingsFolder, version)));
  const emulator = join(import.meta.dirname, 'old-emulator.ts');
  await writeProgram(
    path,
    [
      'case "$*" in',
      `*"-monitor pty"*) VIRTTY_CORPUS='${join(recordingsFolder, '..')}' exec '${process.execPath}' '${emulator}' '${version}' "$0" "$@";;`,
      `*) exec '${path}.questions' "$@";;`,
      'esac',
    ].join('\n'),
  );
}
