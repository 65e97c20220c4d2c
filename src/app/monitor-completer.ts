import {isJsonObject, jsonObjects} from '../base/json-object.ts';
import {VirtError} from '../base/virt-error.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import {completeWord, type HmpWords, hmpArgumentAt, parseHmpWords, type WordOffers} from './hmp-words.ts';
import {completeQmp, parseQmpCommands, parseQmpSchema, type QmpWords} from './qmp-words.ts';

/** Completes what is typed into monitors: the words of each emulator are asked for once, the names of devices each time. */
export class MonitorCompleter {
  readonly #hypervisor: Hypervisor;
  /** By emulator and the number of the run, so that one that was replaced on disk is asked again. */
  readonly #words = new Map<string, Promise<HmpWords>>();
  readonly #qmpWords = new Map<string, Promise<QmpWords>>();

  constructor(hypervisor: Hypervisor) {
    this.#hypervisor = hypervisor;
  }

  /** What the end of a line can be; nothing where the monitor cannot be asked now. */
  async complete(domain: string, line: string): Promise<WordOffers> {
    try {
      if (line.trimStart().startsWith('{')) return completeQmp(line, await this.#qmpWordsOf(domain));
      return completeWord(line, await this.#names(domain, line));
    } catch (error) {
      if (error instanceof VirtError) return completeWord(line, []); // the line can still be typed, and its run tells why
      throw error;
    }
  }

  async #names(domain: string, line: string): Promise<readonly string[]> {
    switch (hmpArgumentAt(line)) {
      case 'command':
        return (await this.#wordsOf(domain)).commands;
      case 'info':
        return (await this.#wordsOf(domain)).infos;
      case 'device':
        return deviceIds(await this.#ask(domain, '{"execute":"qom-list","arguments":{"path":"/machine/peripheral"}}'));
      case 'block':
        return blockNames(await this.#ask(domain, 'query-block'));
      case undefined:
        return [];
    }
  }

  #wordsOf(domain: string): Promise<HmpWords> {
    return this.#once(domain, this.#words, () => this.#learn(domain));
  }

  #qmpWordsOf(domain: string): Promise<QmpWords> {
    return this.#once(domain, this.#qmpWords, () => this.#learnQmp(domain));
  }

  /** What was learned of the emulator of this run; a failure is not kept. */
  async #once<T>(domain: string, known: Map<string, Promise<T>>, learn: () => Promise<T>): Promise<T> {
    const {emulator, id} = await this.#hypervisor.domainLookup(domain);
    const key = `${id} ${emulator}`;
    const words = known.get(key) ?? learn();
    known.set(key, words);
    words.catch(() => known.delete(key));
    return words;
  }

  /** The schema came with QEMU 2.5. */
  async #learnQmp(domain: string): Promise<QmpWords> {
    try {
      return parseQmpSchema(await this.#ask(domain, 'query-qmp-schema'));
    } catch (error) {
      if (!(error instanceof VirtError) || error.code !== 'OPERATION_FAILED') throw error;
      return parseQmpCommands(await this.#ask(domain, 'query-commands'));
    }
  }

  async #learn(domain: string): Promise<HmpWords> {
    const ask = (command: string) =>
      this.#hypervisor.domainMonitorCommand(domain, command, {format: 'hmp', by: 'program'});
    return parseHmpWords(await ask('help'), await ask('help info'));
  }

  async #ask(domain: string, command: string): Promise<unknown> {
    const answer = await this.#hypervisor.domainMonitorCommand(domain, command, {format: 'qmp', by: 'program'});
    const value: unknown = JSON.parse(answer);
    return isJsonObject(value) ? value.return : undefined;
  }
}

function deviceIds(list: unknown): readonly string[] {
  return jsonObjects(list).flatMap(({name, type}) =>
    typeof name === 'string' && typeof type === 'string' && type.startsWith('child<') ? [name] : [],
  );
}

/** A drive is known by its name, one of `-blockdev` by its device. */
function blockNames(list: unknown): readonly string[] {
  return jsonObjects(list).flatMap(({device, qdev}) => {
    const id = device === '' ? qdev : device;
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
}
