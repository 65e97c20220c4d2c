import {existsSync} from 'node:fs';
import {spawnPiped} from './piped-child.ts';

/** Where a distribution puts libvirt's schema of domains, and the program that reads it. */
const SCHEMA = '/usr/share/libvirt/schemas/domain.rng';
const XMLLINT = '/usr/bin/xmllint';

/** Far more than a domain XML takes. */
const TIMEOUT_MS = 10_000;

const MAX_OUTPUT_CHARS = 64 * 1024;

/** Why a schema refuses a text. */
export interface SchemaRefusal {
  /** Its path. */
  readonly schema: string;
  /** 1-based. */
  readonly line: number;
  /** libxml2's own words; outside text. */
  readonly message: string;
}

/**
 * Asks the schema of the libvirt that is installed on this host, where there is one with `xmllint`.
 *
 * @param xml  well-formed, and without a DOCTYPE: libxml2 reads it
 * @returns undefined when the schema accepts it, or cannot be asked
 */
export async function lintDomain(xml: string): Promise<SchemaRefusal | undefined> {
  if (!existsSync(XMLLINT) || !existsSync(SCHEMA)) return undefined;
  const child = spawnPiped(XMLLINT, ['--nonet', '--noout', '--relaxng', SCHEMA, '-']);
  const timer = setTimeout(() => child.kill(), TIMEOUT_MS);
  // It may end before it has read everything, which `ended` tells.
  child.stream.on('error', () => {});
  child.stream.resume().end(xml);
  const end = await child.ended;
  clearTimeout(timer);
  // Source: libxml2 2.9.14, xmllint.c: 3 stands for a text that does not follow the schema.
  if (end.how !== 'exit' || end.code !== 3) return undefined;
  return {schema: SCHEMA, ...firstMessage(child.errorOutput().slice(-MAX_OUTPUT_CHARS))};
}

/** `-:12: element disk: Relax-NG validity error : ...`; a later line says where the first one went wrong. */
function firstMessage(output: string): Pick<SchemaRefusal, 'line' | 'message'> {
  const lines = output.split('\n').flatMap(line => {
    const match = /^-:(\d+): element [^:]*: Relax-NG validity error : (.*)$/.exec(line);
    return match ? [{line: Number(match[1]), message: match[2] ?? ''}] : [];
  });
  return lines.toSorted((a, b) => b.line - a.line)[0] ?? {line: 0, message: 'without a reason'};
}
