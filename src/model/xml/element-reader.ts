import {closestTo} from '../../base/closest.ts';
import type {Problem} from '../../base/problem.ts';
import type {ProblemList} from './problem-list.ts';
import type {Place, XmlElement} from './xml-element.ts';

/**
 * Reads one element and remembers what was looked at: `finish` turns everything else into a warning, so that no part
 * of a text is lost silently, or into an error where the text has to follow the schema. Problems are collected with
 * their place; reading goes on after each.
 */
export class ElementReader {
  readonly element: XmlElement;
  readonly #problems: ProblemList;
  readonly #knownAttributes = new Set<string>();
  readonly #knownChildren = new Set<string>();
  readonly #readers = new Map<XmlElement, ElementReader>();
  readonly #ignored = new Set<XmlElement>();
  /** Names of attributes, with `@`, and of children that the schema lets stand here although they say nothing. */
  readonly #idle = new Set<string>();
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

  /** True where the text has to follow libvirt's schema, not only to be understood. */
  get isStrict(): boolean {
    return this.#problems.strictness === 'schema';
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
    this.#knownChildren.add(name);
    const element = this.element.children.find(child => child.name === name);
    return element && this.#readerOf(element);
  }

  /** All children of a name, in the order of the text. */
  children(name: string): readonly ElementReader[] {
    this.#knownChildren.add(name);
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

  /**
   * Names of attributes (`@name`), children, and children of which there may be many (`name*`) that the schema lets
   * stand here although they say nothing: they are never errors.
   */
  allowIdle(...names: readonly string[]): void {
    for (const name of names) this.#idle.add(name);
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

  /** An error where the text has to follow the schema, nothing elsewhere. */
  schemaError(message: string, attribute?: string): void {
    if (this.isStrict) this.#report('error', message, attribute);
  }

  /** Gives up the whole element, whose name is none of those known here. */
  unknown(known: readonly string[]): undefined {
    this.#dropped = true;
    this.#tellUnknown(
      describe(this.element),
      () => closestTo(this.name, known),
      () => this.element,
    );
    return undefined;
  }

  /** Gives up the whole element after an error in it: what is in it says nothing any more. */
  giveUp(): undefined {
    this.#dropped = true;
    return undefined;
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

  /** Tells every attribute, text and child that nobody asked for, here and below. */
  finish(): void {
    if (this.#dropped) return;
    for (const name of this.element.attributes.keys()) {
      if (this.#knownAttributes.has(name) || isNamespace(name)) continue;
      const what = `attribute '${name}' of <${this.name}>`;
      const place = () => this.element.attributePlace(name);
      if (this.#idle.has(`@${name}`)) this.#problems.add('warning', notUnderstood(what), place);
      else this.#tellUnknown(what, () => this.#closestAttribute(name), place);
    }
    if (!this.#textRead && this.element.text !== '')
      this.#tellUnknown(
        `the text '${this.element.text}' in <${this.name}>`,
        () => undefined,
        () => this.element,
      );
    this.#finishChildren();
  }

  #finishChildren(): void {
    const read = new Set([...this.#readers.keys()].map(child => child.name));
    for (const child of this.element.children) {
      if (this.#ignored.has(child)) continue;
      const reader = this.#readers.get(child);
      if (reader) reader.finish();
      else if (this.#isIdle(child)) this.#problems.add('warning', notUnderstood(describe(child)), () => child);
      else if (read.has(child.name) || this.#idle.has(child.name)) this.#tellSecond(child);
      else
        this.#tellUnknown(
          describe(child),
          () => closestTo(child.name, [...this.#knownChildren]),
          () => child,
        );
    }
  }

  #isIdle(child: XmlElement): boolean {
    const {name} = child;
    const isFirst = this.element.children.find(other => other.name === name) === child;
    return this.#idle.has(`${name}*`) || (isFirst && this.#idle.has(name));
  }

  #tellSecond(child: XmlElement): void {
    const what = `there is a second <${child.name}> in <${this.name}>: only the first counts`;
    if (this.isStrict) this.#problems.add('error', what, () => child);
    else this.#problems.add('warning', `${what}, this one will not be saved`, () => child);
  }

  /** Of those that are not there yet. */
  #closestAttribute(name: string): string | undefined {
    const free = [...this.#knownAttributes].filter(known => !this.element.attributes.has(known));
    return closestTo(name, free);
  }

  /** @param meant  what it may have been meant to be */
  #tellUnknown(what: string, meant: () => string | undefined, place: () => Place): void {
    const message = () => {
      const close = meant();
      const end = close === undefined ? '' : `; did you mean '${close}'?`;
      return (this.isStrict ? `${what} is not known` : notUnderstood(what)) + end;
    };
    this.#problems.add(this.isStrict ? 'error' : 'warning', message, place);
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

/** A declaration for the elements below, which says nothing itself. */
function isNamespace(attribute: string): boolean {
  return attribute === 'xmlns' || (attribute.startsWith('xmlns:') && attribute !== 'xmlns:');
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
