import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {commandHelp} from '../../src/app/command-ids.ts';
import {CONTEXTS, findCommand, KEYMAP, keyTableMarkdown} from '../../src/ui/keymap.ts';
import {makeTheme} from '../../src/ui/theme.ts';
import {helpRows} from '../../src/views/help/rows.ts';

const KEYS_DOC = path.join(import.meta.dirname, '../../docs/keys.md');
const INTRODUCTION = `# Keys

Written from \`src/ui/keymap.ts\` by \`UPDATE_DOCS=1 npx vitest run test/ui/keymap.test.ts\`; \`?\` shows the same in the program.

`;

test.each(CONTEXTS)('no key is bound twice: %s', context => {
  const keys = KEYMAP.filter(binding => binding.context === context).flatMap(binding => binding.keys);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test('every key says what it does', () => {
  for (const {command} of KEYMAP) expect(commandHelp(command)).not.toBe('');
});

test('the nearest context wins', () => {
  expect(findCommand(['monitor', 'everywhere'], 'up')).toBe('monitor.older');
  expect(findCommand(['domains', 'global'], 'up')).toBe('domain.previous');
  expect(findCommand(['typing'], 'q')).toBeUndefined();
});

test('the help shows every key', () => {
  const text = helpRows(100, makeTheme({NO_COLOR: '1'})).join('\n');
  for (const {command} of KEYMAP) expect(text).toContain(commandHelp(command).slice(0, 40));
});

test('docs/keys.md is what the keymap says', () => {
  const text = INTRODUCTION + keyTableMarkdown(commandHelp);
  if (process.env.UPDATE_DOCS) writeFileSync(KEYS_DOC, text);
  expect(readFileSync(KEYS_DOC, 'utf8')).toBe(text);
});
