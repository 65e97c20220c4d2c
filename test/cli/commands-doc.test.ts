import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {COMMANDS} from '../../src/cli/command-table.ts';
import {formatCommandsMarkdown} from '../../src/cli/docs/commands-markdown.ts';
import {GLOBAL_OPTIONS} from '../../src/cli/global-options.ts';

test('docs/commands.md is what src/cli/docs/write-commands-doc.ts writes', () => {
  const written = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
  expect(written).toBe(formatCommandsMarkdown(COMMANDS, GLOBAL_OPTIONS));
});
