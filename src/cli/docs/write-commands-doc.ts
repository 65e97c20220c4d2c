// Run by hand after a change of the commands: node src/cli/docs/write-commands-doc.ts
import {writeFileSync} from 'node:fs';
import {COMMANDS} from '../command-table.ts';
import {GLOBAL_OPTIONS} from '../global-options.ts';
import {formatCommandsMarkdown} from './commands-markdown.ts';

writeFileSync(new URL('../../../docs/commands.md', import.meta.url), formatCommandsMarkdown(COMMANDS, GLOBAL_OPTIONS));
