import {VirtError} from '../base/virt-error.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import {completeWord, type HmpWords, hmpArgumentAt, parseHmpWords, type WordOffers} from './hmp-words.ts';

/** Completes what is typed into monitors: the words of each emulator are asked for once, the names of devices each time. */
export class MonitorCompleter {
  readonly #hypervisor: Hypervisor;
  /** By emulator and the number of the run, so that one that was replaced on disk is asked again. */
  readonly #words = new Map<string, Promise<HmpWords>>();

  constructor(hypervisor: Hypervisor) {
    this.#hypervisor = hypervisor;
  }

  /** What the end of a line can be; nothing where the monitor cannot be asked now. */
  async complete(domain: string, line: string): Promise<WordOffers> {
    try {
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

  async #wordsOf(domain: string): Promise<HmpWords> {
    const {emulator, id} = await this.#hypervisor.domainLookup(domain);
    const key = `${id} ${emulator}`;
    const known = this.#words.get(key) ?? this.#learn(domain);
    this.#words.set(key, known);
    known.catch(() => this.#words.delete(key));
    return known;
  }

  async #learn(domain: string): Promise<HmpWords> {
    const ask = (command: string) =>
      this.#hypervisor.domainMonitorCommand(domain, command, {format: 'hmp', by: 'program'});
    return parseHmpWords(await ask('help'), await ask('help info'));
  }

  async #ask(domain: string, command: string): Promise<unknown> {
    const answer = await this.#hypervisor.domainMonitorCommand(domain, command, {format: 'qmp', by: 'program'});
    const value: unknown = JSON.parse(answer);
    return isObject(value) ? value.return : undefined;
  }
}

function deviceIds(list: unknown): readonly string[] {
  return objects(list).flatMap(({name, type}) =>
    typeof name === 'string' && typeof type === 'string' && type.startsWith('child<') ? [name] : [],
  );
}

/** A drive is known by its name, one of `-blockdev` by its device. */
function blockNames(list: unknown): readonly string[] {
  return objects(list).flatMap(({device, qdev}) => {
    const id = device === '' ? qdev : device;
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
}

function objects(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
