import type {Problem} from '../../base/problem.ts';
import type {Place} from './xml-element.ts';

/** More problems of one severity than this help nobody. */
const MAX_PROBLEMS = 100;

/** A message quotes outside text, which may be long. */
const MAX_MESSAGE_CHARACTERS = 500;

/** A message of bounded length. */
export function capMessage(message: string): string {
  return message.length > MAX_MESSAGE_CHARACTERS ? `${message.slice(0, MAX_MESSAGE_CHARACTERS)}...` : message;
}

/** How strictly a text is read: `lenient` as libvirt's parser does it, `schema` as a text that has to follow libvirt's schema. */
export type Strictness = 'lenient' | 'schema';

/** Collects the problems of one text: the first hundred errors and the first hundred warnings. */
export class ProblemList {
  readonly strictness: Strictness;
  #errors: Problem[] = [];
  #warnings: Problem[] = [];
  #errorCount = 0;

  constructor(strictness: Strictness = 'lenient') {
    this.strictness = strictness;
  }

  /** @param message, place  where they are functions, asked only for a problem that is kept */
  add(severity: Problem['severity'], message: string | (() => string), place: () => Place): void {
    if (severity === 'error') this.#errorCount++;
    const list = severity === 'error' ? this.#errors : this.#warnings;
    if (list.length >= MAX_PROBLEMS) return;
    const {line, column} = place();
    list.push({severity, line, column, message: capMessage(typeof message === 'string' ? message : message())});
  }

  get hasErrors(): boolean {
    return this.#errorCount > 0;
  }

  /** Of all errors, also those that are not kept. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** In the order of the text. */
  sorted(): readonly Problem[] {
    return [...this.#errors, ...this.#warnings].sort((a, b) => a.line - b.line || a.column - b.column);
  }
}
