import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** So many files a call: each reads the schema once. */
const BATCH = 2000;

/** For each text whether it follows a RELAX NG schema. @param rng  path of the schema */
export function followsSchema(rng: string, texts: readonly string[]): readonly boolean[] {
  const directory = mkdtempSync(join(tmpdir(), 'virtty-lint-'));
  try {
    const files = texts.map((text, at) => {
      const file = join(directory, `${at}.xml`);
      writeFileSync(file, text);
      return file;
    });
    const valid = new Set<string>();
    for (let at = 0; at < files.length; at += BATCH) {
      for (const file of lint(rng, files.slice(at, at + BATCH))) valid.add(file);
    }
    return files.map(file => valid.has(file));
  } finally {
    rmSync(directory, {recursive: true});
  }
}

function lint(rng: string, files: readonly string[]): readonly string[] {
  const {stderr} = spawnSync('xmllint', ['--noout', '--relaxng', rng, ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const good = ' validates';
  return stderr.split('\n').flatMap(line => (line.endsWith(good) ? [line.slice(0, -good.length)] : []));
}
