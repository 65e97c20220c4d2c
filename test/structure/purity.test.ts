import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {ROOT} from './source-files.ts';

const CANARY = 'test/structure/canary/impure.ts';

test('every impure line of the canary is an error of the compiler pass without Node types', () => {
  const pass = spawnSync('node_modules/.bin/tsc', ['-p', path.dirname(CANARY), '--pretty', 'false'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const refused = new Set(
    [...pass.stdout.matchAll(/^(.*?)\((\d+),\d+\): error/gm)].filter(m => m[1] === CANARY).map(m => Number(m[2])),
  );
  const impure = readFileSync(path.join(ROOT, CANARY), 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// impure') ? [index + 1] : []));
  expect([...refused]).toEqual(impure);
});
