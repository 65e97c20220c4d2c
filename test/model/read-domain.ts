import {formatProblem} from '../../src/base/problem.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {type ParseDomainOptions, parseDomain} from '../../src/model/parse-domain.ts';

export const NEW_UUID = '11111111-2222-4333-8444-555555555555';
export const NEW_MAC = '52:54:00:aa:bb:cc';

export const OPTIONS: ParseDomainOptions = {newUuid: () => NEW_UUID, newMac: () => NEW_MAC, defaultArch: 'x86_64'};

/** What a minimal domain is made of; a test replaces one part. */
export interface DomainParts {
  readonly attributes?: string;
  readonly name?: string;
  readonly memory?: string;
  readonly os?: string;
  readonly more?: string;
  readonly devices?: string;
}

/** A minimal domain XML on one line. */
export function domainXml(parts: DomainParts = {}): string {
  const {attributes = "type='qemu'", name = '<name>demo</name>', memory = "<memory unit='MiB'>16</memory>"} = parts;
  const {os = '<os><type>hvm</type></os>', more = '', devices = ''} = parts;
  return `<domain ${attributes}>${name}${memory}${os}${more}<devices>${devices}</devices></domain>`;
}

/** The definition of a text without errors. */
export function readDomain(xml: string, options: Partial<ParseDomainOptions> = {}): DomainDef {
  const {def, problems} = parseDomain(xml, {...OPTIONS, ...options});
  if (!def) throw new Error(problems.map(formatProblem).join('\n'));
  return def;
}

/** The problems of a text as they are shown, `error` or `warning` first. */
export function problemsOf(xml: string, options: Partial<ParseDomainOptions> = {}): readonly string[] {
  const {problems} = parseDomain(xml, {...OPTIONS, ...options});
  return problems.map(problem => `${problem.severity}: ${formatProblem(problem)}`);
}

/** The same without places, for texts on one line. */
export function messagesOf(xml: string, options: Partial<ParseDomainOptions> = {}): readonly string[] {
  const {problems} = parseDomain(xml, {...OPTIONS, ...options});
  return problems.map(problem => `${problem.severity}: ${problem.message}`);
}
