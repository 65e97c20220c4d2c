import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {completeDomain} from '../../src/model/post-parse/complete-domain.ts';
import {factsOfTest, readSavedProbe} from './libvirt-caps.ts';
import {modernFolder, readModernCases} from './modern-manifest.ts';
import {type CaseResult, runCase, type Suite} from './suite.ts';

const LATEST = {macro: 'DO_TEST_CAPS_LATEST', args: []};

/** What is printed for every case, as it was defined and completed, against libvirt's RELAX NG schema. */
export const schema: Suite = {
  name: 'schema',
  run: corpus => {
    const rng = join(corpus, 'schemas', 'domain.rng');
    const folder = modernFolder(corpus);
    if (!existsSync(rng) || folder === undefined || spawnSync('xmllint', ['--version']).error) return undefined;
    const directory = mkdtempSync(join(tmpdir(), 'virtty-schema-'));
    try {
      return validate(rng, directory, folder);
    } finally {
      rmSync(directory, {recursive: true});
    }
  },
};

/** One xmllint for all: it reads the schema once. */
function validate(rng: string, directory: string, folder: string): readonly CaseResult[] {
  const written = readModernCases(folder).flatMap(test =>
    writeOutputs(join(folder, test.group, `${test.name}.xml`), directory, test.name),
  );
  const files = written.flatMap(({name, failure}) => (failure === undefined ? [join(directory, `${name}.xml`)] : []));
  const {stderr} = spawnSync('xmllint', ['--noout', '--relaxng', rng, ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const lines = stderr.split('\n');
  return written.map(({name, failure}) =>
    runCase(name, () => failure ?? failureOf(lines, join(directory, `${name}.xml`))),
  );
}

function failureOf(lines: readonly string[], path: string): string | undefined {
  if (lines.includes(`${path} validates`)) return undefined;
  return lines.find(line => line.startsWith(`${path}:`))?.slice(path.length + 1) ?? 'xmllint says nothing about it';
}

/** Writes what is printed for one XML: as it was defined, and completed. A text that is refused is its own failure. */
function writeOutputs(xmlPath: string, directory: string, name: string): readonly CaseResult[] {
  const {def} = parseDomain(readFileSync(xmlPath, 'utf8'), {
    newUuid: () => '00000000-0000-4000-8000-000000000000',
    newMac: () => '52:54:00:00:00:00',
    defaultArch: 'x86_64',
  });
  if (!def) return [{name, failure: 'it is refused'}];
  const facts = factsOfTest(LATEST, readSavedProbe(join(xmlPath, '..', '..')));
  writeFileSync(join(directory, `${name}.xml`), formatDomain(def));
  writeFileSync(join(directory, `${name}.completed.xml`), formatDomain(completeDomain(def, facts)));
  return [{name}, {name: `${name}.completed`}];
}
