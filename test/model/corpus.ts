import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** libvirt's own test data, which is not part of this repository: beside it, or where VIRTTY_CORPUS says. */
export const CORPUS = process.env.VIRTTY_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus');

/** Why the schemas cannot be used here; undefined when they can. */
export const noSchemas: string | undefined = !existsSync(join(CORPUS, 'schemas'))
  ? 'no corpus folder: set VIRTTY_CORPUS'
  : spawnSync('xmllint', ['--version']).error
    ? 'no xmllint: install libxml2-utils'
    : undefined;

/** Why the XML cases cannot be used here; undefined when they can. */
export const noCases: string | undefined = existsSync(join(CORPUS, 'xml2xml-modern'))
  ? undefined
  : 'no corpus folder: set VIRTTY_CORPUS';

/** What xmllint has against a text that should follow one of libvirt's schemas; empty when it is valid. */
export function schemaErrors(schema: 'domain' | 'capability' | 'domaincaps', xml: string): string {
  const rng = join(CORPUS, 'schemas', `${schema}.rng`);
  const {status, stderr} = spawnSync('xmllint', ['--noout', '--relaxng', rng, '-'], {input: xml, encoding: 'utf8'});
  return status === 0 ? '' : stderr;
}

/** All domain XMLs of the corpus. */
export function corpusDomains(): readonly {readonly file: string; readonly xml: string}[] {
  return ['xml2xml-modern/latest', 'xml2xml-modern/mincaps', 'argv2xml', 'xml2argv-2009', 'seclabel'].flatMap(folder =>
    readdirSync(join(CORPUS, folder))
      .filter(file => file.endsWith('.xml'))
      .map(file => ({file: `${folder}/${file}`, xml: readFileSync(join(CORPUS, folder, file), 'utf8')}))
      .filter(({xml}) => xml.includes('<domain ')),
  );
}

/** Capabilities that libvirt made of hosts, without guests. */
export function corpusHosts(): readonly {readonly file: string; readonly xml: string}[] {
  const folder = join(CORPUS, 'seclabel/vircaps2xmldata');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map(file => ({file, xml: readFileSync(join(folder, file), 'utf8')}));
}
