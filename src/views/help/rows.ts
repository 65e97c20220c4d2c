import {commandHelp} from '../../app/command-ids.ts';
import {headingRow} from '../../ui/fields.ts';
import {CONTEXT_TITLES, CONTEXTS, KEYMAP, keyLabel} from '../../ui/keymap.ts';
import {wrap} from '../../ui/text-width.ts';
import type {Theme} from '../../ui/theme.ts';
import {COMMAND_LINE_HELP} from '../command-line.ts';

const KEY_COLUMNS = 18;

/** Every key by context, from the keymap, and the commands of the command line. Before scrolling. */
export function helpRows(columns: number, theme: Theme): readonly string[] {
  const keys = CONTEXTS.flatMap(context => {
    const bindings = KEYMAP.filter(binding => binding.context === context);
    if (bindings.length === 0) return [];
    const rows = bindings.flatMap(binding =>
      helpRow(binding.keys.map(keyLabel).join(' '), commandHelp(binding.command), columns, theme),
    );
    return [headingRow(CONTEXT_TITLES[context], theme), ...rows, ''];
  });
  const commands = COMMAND_LINE_HELP.flatMap(([usage, help]) => helpRow(usage, help, columns, theme));
  return [...keys, headingRow('Commands after :', theme), ...commands];
}

function helpRow(name: string, help: string, columns: number, theme: Theme): string[] {
  return wrap(help, Math.max(10, columns - KEY_COLUMNS - 4)).map((line, at) => {
    const head = at === 0 ? name : '';
    const gap = ' '.repeat(Math.max(1, KEY_COLUMNS - head.length));
    return `   ${theme.paint('key', head)}${gap}${line}`;
  });
}
