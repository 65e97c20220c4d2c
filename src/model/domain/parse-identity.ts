import {fileNameProblem} from '../domain-path.ts';
import type {ElementReader} from '../xml/element-reader.ts';

/** What a domain is called. */
export interface Identity {
  readonly name: string;
  readonly uuid: string;
  readonly title?: string;
  readonly description?: string;
}

/**
 * Reads name, UUID, title and description.
 *
 * @param newUuid  asked only when the text names no UUID
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefParseIDs, and src/util/virxml.c, virXMLCheckIllegalChars
 */
export function parseIdentity(domain: ElementReader, newUuid: () => string): Identity {
  const title = domain.child('title')?.rawText;
  const description = domain.child('description')?.rawText;
  if (title === '') domain.child('title')?.schemaError('<title> is empty: leave it out');
  if (title?.includes('\n')) domain.child('title')?.error('the title contains a line break: put it into <description>');
  return {
    name: parseName(domain),
    uuid: parseUuidElement(domain) ?? newUuid(),
    ...(title ? {title} : {}),
    ...(description ? {description} : {}),
  };
}

function parseName(domain: ElementReader): string {
  const reader = domain.child('name');
  if (!reader) {
    domain.error('the domain has no name: <name> is missing');
    return '';
  }
  const name = reader.rawText;
  const problem = nameProblem(name);
  if (problem !== undefined) reader.error(problem);
  return name;
}

/** Why a domain cannot have this name, as a sentence; undefined for a good one. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'the name of the domain is empty';
  if (name.includes('/')) return `the name '${name}' of the domain contains '/'`;
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) {
    return `the name ${JSON.stringify(name)} of the domain contains a control character or line break`;
  }
  if (!name.isWellFormed()) return 'the name of the domain is not valid Unicode';
  return fileNameProblem(name);
}

function parseUuidElement(domain: ElementReader): string | undefined {
  const reader = domain.child('uuid');
  if (!reader) return undefined;
  checkUuidForm(reader);
  if (reader.text === '') return undefined;
  const uuid = normaliseUuid(reader.text);
  if (uuid === undefined) reader.error(`'${reader.text}' is not a UUID: it must have 32 hexadecimal digits`);
  return uuid ?? '';
}

/** The parser takes dashes anywhere, the schema in their places or nowhere. */
export function checkUuidForm(reader: ElementReader): void {
  if (!isUuidForm(reader.text)) reader.schemaError(`<${reader.name}> is '${reader.text}': it must be ${UUID_FORM}`);
}

/** How the schema wants a UUID written, as it stands after `must be`. */
export const UUID_FORM = 'a UUID: 32 hexadecimal digits, with dashes in their places or without';

/** True for the two ways in which the schema has a UUID written. */
export function isUuidForm(text: string): boolean {
  return /^[0-9A-Fa-f]{32}$/.test(text) || /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(text);
}

/** Lower case with dashes; undefined when it is no UUID. Dashes may stand anywhere or be missing, as in libvirt. */
export function normaliseUuid(text: string): string | undefined {
  const digits = text.trim().replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
