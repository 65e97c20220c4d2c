import type {Problem} from '../../base/problem.ts';
import type {ProblemList} from './problem-list.ts';
import type {XmlElement} from './xml-element.ts';

/**
 * Reads one element and remembers what was looked at: `finish` turns everything else into a warning, so that no part
 * of a text is lost silently. Problems are collected with their place; reading goes on after each.
 */
export class ElementReader {
  readonly element: XmlElement;
  readonly #problems: ProblemList;
  readonly #knownAttributes = new Set<string>();
  readonly #readers = new Map<XmlElement, ElementReader>();
  readonly #ignored = new Set<XmlElement>();
  #dropped = false;
  #textRead = false;

  constructor(element: XmlElement, problems: ProblemList) {
    this.element = element;
    this.#problems = problems;
  }

  get name(): string {
    return this.element.name;
  }

  /** How many errors the whole text has up to now. */
  get errorCount(): number {
    return this.#problems.errorCount;
  }

  /** The text without white space at both ends. */
  get text(): string {
    this.#textRead = true;
    return this.element.text;
  }

  /** The text as it stands. */
  get rawText(): string {
    this.#textRead = true;
    return this.element.rawText;
  }

  /** The value of an attribute; undefined when it is not there. */
  attribute(name: string): string | undefined {
    this.#knownAttributes.add(name);
    return this.element.attributes.get(name);
  }

  /** The first child of a name; further ones are warned about by `finish`. */
  child(name: string): ElementReader | undefined {
    const element = this.element.children.find(child => child.name === name);
    return element && this.#readerOf(element);
  }

  /** All children of a name, in the order of the text. */
  children(name: string): readonly ElementReader[] {
    return this.element.children.filter(child => child.name === name).map(child => this.#readerOf(child));
  }

  /** All children but those of a name, in the order of the text. */
  childrenExcept(name: string): readonly ElementReader[] {
    return this.element.children.filter(child => child.name !== name).map(child => this.#readerOf(child));
  }

  /** The trimmed text of a child; undefined when it is missing or empty. */
  childText(name: string): string | undefined {
    return this.child(name)?.text || undefined;
  }

  /** Marks attributes as harmless: they say nothing that a definition keeps. */
  tolerateAttributes(...names: readonly string[]): void {
    for (const name of names) this.#knownAttributes.add(name);
  }

  /** Marks children as harmless, with all that is in them. */
  tolerateChildren(...names: readonly string[]): void {
    for (const child of this.element.children) if (names.includes(child.name)) this.#ignored.add(child);
  }

  /** Marks the children of a name, with all that is in them, as read. */
  tolerateTree(name: string): void {
    for (const child of this.element.children) {
      if (child.name !== name) continue;
      this.#ignored.add(child);
      this.#readers.delete(child);
    }
  }

  /**
   * The value of an attribute that has a closed list of values.
   * Another value is an error that names the list; then, and without the attribute, the result is undefined.
   */
  choice<T extends string>(attribute: string, allowed: readonly T[]): T | undefined {
    const value = this.attribute(attribute);
    if (value === undefined) return undefined;
    const known = allowed.find(candidate => candidate === value);
    if (known === undefined) {
      this.error(unknownValue(`attribute '${attribute}' of <${this.name}>`, value, allowed), attribute);
    }
    return known;
  }

  /** The value of a `yes`/`no` or `on`/`off` attribute. */
  flag(attribute: string, words: readonly [yes: string, no: string]): boolean | undefined {
    const value = this.choice(attribute, words);
    return value === undefined ? undefined : value === words[0];
  }

  /** A whole number in a range; anything else is an error. */
  integer(attribute: string, range: {readonly min: number; readonly max: number}): number | undefined {
    const value = this.attribute(attribute);
    if (value === undefined) return undefined;
    const number = /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value) : Number.NaN;
    if (number >= range.min && number <= range.max) return number;
    const what = `attribute '${attribute}' of <${this.name}>`;
    this.error(`${what} is '${value}': it must be a whole number from ${range.min} to ${range.max}`, attribute);
    return undefined;
  }

  /** An error at the element, or at one of its attributes. */
  error(message: string, attribute?: string): void {
    this.#report('error', message, attribute);
  }

  warn(message: string, attribute?: string): void {
    this.#report('warning', message, attribute);
  }

  /** Gives up the whole element with a warning: nothing in it is warned about any more. */
  drop(what: string = describe(this.element)): undefined {
    return this.ignore(notUnderstood(what));
  }

  /** The same with a message of its own. */
  ignore(message: string): undefined {
    this.#dropped = true;
    this.warn(message);
    return undefined;
  }

  /** Gives up the whole element with an error: nothing in it is warned about any more. */
  refuse(message: string, attribute?: string): undefined {
    this.#dropped = true;
    this.error(message, attribute);
    return undefined;
  }

  /** Warns about every attribute and child that nobody asked for, here and below. */
  finish(): void {
    if (this.#dropped) return;
    for (const name of this.element.attributes.keys()) {
      if (!this.#knownAttributes.has(name)) {
        this.warn(notUnderstood(`attribute '${name}' of <${this.name}>`), name);
      }
    }
    if (!this.#textRead && this.element.text !== '')
      this.warn(notUnderstood(`the text '${this.element.text}' in <${this.name}>`));
    this.#finishChildren();
  }

  #finishChildren(): void {
    const read = new Set([...this.#readers.keys()].map(child => child.name));
    for (const child of this.element.children) {
      if (this.#ignored.has(child)) continue;
      const reader = this.#readers.get(child);
      if (reader) reader.finish();
      else {
        const second = `there is a second <${child.name}> in <${this.name}>: only the first counts, this one will not be saved`;
        const message = read.has(child.name) ? second : notUnderstood(describe(child));
        this.#problems.add('warning', message, () => child);
      }
    }
  }

  #readerOf(element: XmlElement): ElementReader {
    const reader = this.#readers.get(element) ?? new ElementReader(element, this.#problems);
    this.#readers.set(element, reader);
    return reader;
  }

  #report(severity: Problem['severity'], message: string, attribute: string | undefined): void {
    const {element} = this;
    this.#problems.add(severity, message, () =>
      attribute === undefined ? element : element.attributePlace(attribute),
    );
  }
}

/** `<sound>`, or `<interface type='network'>` where the type decides what it is. */
function describe(element: XmlElement): string {
  const type = element.attributes.get('type');
  return type === undefined ? `<${element.name}>` : `<${element.name} type='${type}'>`;
}

function notUnderstood(what: string): string {
  return `${what} is not understood yet: it is ignored and will not be saved`;
}

/** The sentence for a value that is not on its list. */
export function unknownValue(what: string, value: string, allowed: readonly string[]): string {
  return `${what} is '${value}': it must be one of ${allowed.map(word => `'${word}'`).join(', ')}`;
}
