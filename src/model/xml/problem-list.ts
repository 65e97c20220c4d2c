import type {Problem} from '../../base/problem.ts';
import type {Place} from './xml-element.ts';

/** More problems of one severity than this help nobody. */
const MAX_PROBLEMS = 500;

/** A message quotes outside text, which may be long. */
const MAX_MESSAGE_CHARACTERS = 500;

/** A message of bounded length. */
export function capMessage(message: string): string {
  return message.length > MAX_MESSAGE_CHARACTERS ? `${message.slice(0, MAX_MESSAGE_CHARACTERS)}...` : message;
}

/** How strictly a text is read: `lenient` as libvirt's parser does it, `schema` as a text that has to follow libvirt's schema. */
export type Strictness = 'lenient' | 'schema';

/** Collects the problems of one text: of each severity the first five hundred, and how many more there are. */
export class ProblemList {
  readonly strictness: Strictness;
  readonly #kept: Readonly<Record<Problem['severity'], Problem[]>> = {error: [], warning: []};
  readonly #counts: Record<Problem['severity'], number> = {error: 0, warning: 0};

  constructor(strictness: Strictness = 'lenient') {
    this.strictness = strictness;
  }

  /** @param message, place  where they are functions, asked only for a problem that is kept */
  add(severity: Problem['severity'], message: string | (() => string), place: () => Place): void {
    this.#counts[severity]++;
    const list = this.#kept[severity];
    if (list.length >= MAX_PROBLEMS) return;
    const {line, column} = place();
    list.push({severity, line, column, message: capMessage(typeof message === 'string' ? message : message())});
  }

  get hasErrors(): boolean {
    return this.errorCount > 0;
  }

  /** Of all errors, also those that are not kept. */
  get errorCount(): number {
    return this.#counts.error;
  }

  /** In the order of the text; what is not told is counted in a problem of its own, at the last place. */
  sorted(): readonly Problem[] {
    const told = [...this.#kept.error, ...this.#kept.warning].sort((a, b) => a.line - b.line || a.column - b.column);
    const {line = 0, column = 0} = told.at(-1) ?? {};
    const more = (['error', 'warning'] as const).flatMap((severity): readonly Problem[] => {
      const left = this.#counts[severity] - this.#kept[severity].length;
      return left === 0 ? [] : [{severity, line, column, message: `${left} more of this severity are not told`}];
    });
    return [...told, ...more];
  }
}
