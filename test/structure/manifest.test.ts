import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {ROOT} from './source-files.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

test('the lock names no download addresses, so that any registry serves it', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"');
});

test('every package of the lock has an integrity', () => {
  const lock: {packages: Record<string, {integrity?: string}>} = JSON.parse(read('package-lock.json'));
  const bare = Object.entries(lock.packages).filter(([name, {integrity}]) => name !== '' && integrity === undefined);
  expect(bare.map(([name]) => name)).toEqual([]);
});

test('the README defends every dependency', () => {
  const manifest: Record<string, Record<string, string>> = JSON.parse(read('package.json'));
  const kinds = ['dependencies', 'optionalDependencies', 'devDependencies'];
  const names = kinds.flatMap(kind => Object.keys(manifest[kind] ?? {}));
  const readme = read('README.md');
  expect(names.filter(name => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('the README shows the pictures and documents that exist', () => {
  const links = [...read('README.md').matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(match => match[1] ?? '');
  expect(links.filter(link => !existsSync(path.join(ROOT, link)))).toEqual([]);
});
