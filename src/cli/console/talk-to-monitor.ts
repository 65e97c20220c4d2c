import {createInterface, type Interface} from 'node:readline/promises';
import {MonitorCompleter} from '../../app/monitor-completer.ts';
import {indentJson} from '../../base/indent-json.ts';
import {sanitiseLines, sanitiseUntrusted} from '../../base/sanitise.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import type {CliIo} from '../cli-io.ts';

const PROMPT = '(qemu) ';
const HISTORY_LINES = 500;

/**
 * Runs lines in a guest's monitor until the input ends: typed ones with editing, completion and history, else one after
 * the other. Answers go to the output, refusals beside it.
 *
 * @throws {VirtError} OPERATION_FAILED when a line of an input that is no terminal failed; all are run nonetheless
 */
export async function talkToMonitor(
  io: CliIo,
  hypervisor: Hypervisor,
  domain: string,
  {quiet}: {readonly quiet: boolean},
): Promise<void> {
  const talk = new MonitorTalk(io, hypervisor, domain);
  if (io.interactive && !quiet) {
    io.err(`Monitor of domain '${domain}': Tab completes, a line that begins with { is QMP, Ctrl-D leaves\n`);
  }
  const history = io.interactive ? await hypervisor.domainMonitorHistory(domain) : [];
  await talk.run(history);
}

class MonitorTalk {
  readonly #io: CliIo;
  readonly #hypervisor: Hypervisor;
  readonly #domain: string;
  #lines = 0;
  #failures = 0;
  #isQuitMeant = false;

  constructor(io: CliIo, hypervisor: Hypervisor, domain: string) {
    this.#io = io;
    this.#hypervisor = hypervisor;
    this.#domain = domain;
  }

  /** @param history  oldest first */
  async run(history: readonly string[]): Promise<void> {
    const {interactive, stdin, stdout} = this.#io;
    const completer = new MonitorCompleter(this.#hypervisor);
    const reader = createInterface({
      input: stdin,
      terminal: interactive,
      prompt: interactive ? PROMPT : '',
      ...(interactive ? {output: stdout, completer: (line: string) => this.#complete(completer, line)} : {}),
      history: history.toReversed(),
      historySize: HISTORY_LINES,
    });
    try {
      await this.#runLines(reader);
    } finally {
      reader.close();
      stdin.pause();
    }
    if (!interactive && this.#failures > 0) {
      const message = `${this.#failures} of ${this.#lines} commands failed in the monitor of domain '${this.#domain}'`;
      throw new VirtError('OPERATION_FAILED', 'QEMU', message);
    }
  }

  async #runLines(reader: Interface): Promise<void> {
    reader.on('SIGINT', () => handleInterrupt(reader));
    let isOpen = true; // a prompt after the end, which may come while a line runs, throws
    reader.once('close', () => {
      isOpen = false;
    });
    reader.prompt();
    for await (const line of reader) {
      if (line.trim() !== '') await this.#runLine(line.trimEnd());
      if (this.#io.closed) return;
      if (isOpen) reader.prompt();
    }
    if (this.#io.interactive) this.#io.out('\n');
  }

  async #runLine(line: string): Promise<void> {
    this.#lines++;
    if (this.#holdsBack(line)) return;
    const isQmp = line.trimStart().startsWith('{');
    try {
      const options = {format: isQmp ? 'qmp' : 'hmp', by: 'person'} as const;
      const answer = await this.#hypervisor.domainMonitorCommand(this.#domain, line, options);
      const shown = isQmp && this.#io.interactive ? indentJson(answer) : answer.replace(/\n$/, '');
      if (shown !== '') this.#io.out(`${sanitiseLines(shown).join('\n')}\n`);
    } catch (error) {
      this.#failures++;
      this.#io.err(`error: ${sanitiseUntrusted(messageOf(error))}\n`);
      if (error instanceof VirtError && error.hint) this.#io.err(`hint: ${sanitiseUntrusted(error.hint)}\n`);
    }
  }

  /** Who types `quit` at a terminal mostly means to leave. */
  #holdsBack(line: string): boolean {
    const isQuit = this.#io.interactive && /^\s*q(uit)?\s*$/.test(line);
    const holds = isQuit && !this.#isQuitMeant;
    this.#isQuitMeant = holds;
    if (holds) this.#io.err(`'quit' ends the guest: type it once more to do that, or leave with Ctrl-D\n`);
    return holds;
  }

  async #complete(completer: MonitorCompleter, line: string): Promise<[string[], string]> {
    const {head, offers, suffix} = await completer.complete(this.#domain, line);
    const ended = offers.length === 1 ? offers.map(offer => offer + suffix) : [...offers];
    return [ended.map(offer => sanitiseUntrusted(offer)), line.slice(head.length)];
  }
}

/** Ctrl-C takes the line back, an empty one leaves. */
function handleInterrupt(reader: Interface): void {
  if (reader.line === '') {
    reader.close();
    return;
  }
  reader.write(null, {ctrl: true, name: 'e'});
  reader.write(null, {ctrl: true, name: 'u'});
}
