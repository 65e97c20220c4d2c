import {type HmpRecording, quadraticEcho, readSessions} from '../../monitor/hmp/recordings.ts';

/** Sessions that a fake emulator answers from, in the order in which they are looked through. */
const SESSIONS = ['run', 'main', 'disk', 'rawdisk'];

/**
 * What an emulator was recorded to answer to commands on its monitor. A command that was recorded several times is answered
 * as in the recording after the one that was answered last, so that what shows a change is answered after it.
 */
export class RecordedAnswers {
  readonly #recordings: readonly HmpRecording[];
  readonly #root: string;
  #last = 0;

  /** @param root  what the recordings' own folder is called here */
  constructor(version: string, root: string) {
    const sessions = readSessions(version);
    this.#recordings = SESSIONS.flatMap(name => sessions.get(name) ?? []).filter(({end}) => end !== 'silence');
    this.#root = root;
  }

  get greeting(): string {
    return this.#recordings[0]?.raw.toString('latin1') ?? '';
  }

  /**
   * The bytes to a line.
   *
   * @param line  without its line end
   * @param isRunning  whether the guest runs: `info status` is answered so
   * @throws {Error} for what was not recorded
   */
  answer(line: string, isRunning: boolean): {readonly bytes: string; readonly endsEmulator: boolean} {
    const recorded = line.replaceAll(this.#root, 'WORK');
    const fits = ({written, plain}: HmpRecording) =>
      written === `${recorded}\r` && (!plain.includes('VM status') || plain.includes('running') === isRunning);
    const after = this.#recordings.findIndex((recording, index) => index > this.#last && fits(recording));
    const index = after >= 0 ? after : this.#recordings.findIndex(fits);
    const found = this.#recordings[index];
    if (!found) throw new Error(`never recorded: ${JSON.stringify(recorded)}`);
    this.#last = index;
    const echo = quadraticEcho(recorded);
    const bytes = found.raw.toString('latin1');
    if (!bytes.startsWith(echo)) throw new Error(`an unusual echo: ${found.name}`);
    const answer = bytes.slice(echo.length).replaceAll('WORK', this.#root);
    return {bytes: quadraticEcho(line) + answer, endsEmulator: found.end === 'end of file'};
  }
}
