import type {CommandSpec} from '../command.ts';

/** The commands about virtty itself. */
export const PROGRAM_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'screen',
    group: 'This program',
    summary: 'open the screen; the same as no command',
    description: ['Needs a terminal of at least 60 columns and 15 rows. Guests go on running when it is left.'],
    positionals: [],
    options: [],
    access: 'owner',
    bare: true,
    load: () => import('../commands/screen.ts'),
  },
  {
    name: 'help',
    group: 'This program',
    summary: 'show the commands, or one of them',
    description: [],
    positionals: [{name: 'command', help: 'the command to show', optional: true}],
    options: [],
    access: 'none',
    bare: true,
    load: () => import('../commands/help.ts'),
  },
  {
    name: 'version',
    group: 'This program',
    summary: 'print the version',
    description: [],
    positionals: [],
    options: [],
    access: 'none',
    json: 'the version',
    bare: true,
    load: () => import('../commands/version.ts'),
  },
];
