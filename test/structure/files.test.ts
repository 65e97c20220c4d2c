import {expect, test} from 'vitest';
import {readSourceFiles} from './source-files.ts';

const files = ['src', 'test', 'bench', 'packaging', 'screenshots'].flatMap(folder => readSourceFiles(folder));
const sources = files.filter(file => file.path.startsWith('src/'));

/** Folders whose code takes time, randomness and environment as parameters. */
const PURE = /^src\/(base|model|driver\/argv)\//;
const IMPURE = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\brandomUUID\(/;

test('no file of the program is over 400 lines without saying why in its header', () => {
  const long = sources.filter(({text}) => text.split('\n').length > 400);
  expect(
    long.filter(({text}) => !/^\/\*\*[\s\S]*?Over 400 lines[\s\S]*?\*\//.test(text)).map(({path}) => path),
  ).toEqual([]);
});

test('nothing is exported as default', () => {
  expect(
    files.filter(({text}) => /^export (default\b|\{[^}]*\bas default\b)/m.test(text)).map(({path}) => path),
  ).toEqual([]);
});

test('file names are kebab-case and name their one idea', () => {
  const names = sources.map(({path}) => path);
  expect(names.filter(path => !/^[a-z0-9/-]+\.tsx?$/.test(path))).toEqual([]);
  expect(names.filter(path => /\/(utils|helpers|common|misc)\.tsx?$/.test(path))).toEqual([]);
});

test('pure code asks neither the clock nor chance', () => {
  expect(sources.filter(({path, text}) => PURE.test(path) && IMPURE.test(text)).map(({path}) => path)).toEqual([]);
});

test('nothing in the program polls with an interval', () => {
  expect(sources.filter(({text}) => /\bsetInterval\(/.test(text)).map(({path}) => path)).toEqual([]);
});
