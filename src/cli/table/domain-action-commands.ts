import {DOMAIN_ACTIONS, type DomainActionId} from '../../app/actions.ts';
import type {OptionSpec} from '../argument-spec.ts';
import type {CommandSpec} from '../command.ts';
import {DOMAIN} from './domain-positional.ts';

/** The row of a command that does one action of the program to a domain. */
function actionRow(
  id: DomainActionId,
  description: readonly string[],
  load: CommandSpec['load'],
  options: readonly OptionSpec[] = [],
): CommandSpec {
  return {
    name: id,
    group: 'Domains',
    summary: DOMAIN_ACTIONS[id].help,
    description,
    positionals: [DOMAIN],
    options,
    access: 'owner',
    json: 'the domain after it',
    load,
  };
}

/** The commands that change what a domain does. */
export const DOMAIN_ACTION_COMMANDS: readonly CommandSpec[] = [
  actionRow(
    'undefine',
    [
      'Removes the definition. A domain that is running goes on and is forgotten when it ends. Disks stay, and so do the variables of its firmware.',
    ],
    () => import('../commands/undefine.ts'),
  ),
  actionRow(
    'start',
    [
      "Starts a domain. When the emulator refuses, its own words are in the error and in the domain's log. With --dry-run",
      'every step is printed with its undo, and nothing is done, reserved or written.',
    ],
    () => import('../commands/start.ts'),
    [
      {name: 'console', help: 'connect to the console as soon as it runs'},
      {name: 'dry-run', help: 'print what would be done; with --json the plan'},
    ],
  ),
  actionRow(
    'shutdown',
    ['Presses the power button and returns: the guest decides whether and when it shuts down.'],
    () => import('../commands/shutdown.ts'),
  ),
  actionRow(
    'reboot',
    ['Presses the power button and starts the guest again when it has shut down; returns before that.'],
    () => import('../commands/reboot.ts'),
  ),
  actionRow(
    'reset',
    ['Presses the reset button. The guest is not asked: what it has not written to disk is lost.'],
    () => import('../commands/reset.ts'),
  ),
  actionRow(
    'destroy',
    ['Ends the emulator, without a question. The definition and the disks stay.'],
    () => import('../commands/destroy.ts'),
  ),
  actionRow(
    'suspend',
    ["Stops the guest's processors; it keeps its memory and its devices."],
    () => import('../commands/suspend.ts'),
  ),
  {
    ...actionRow(
      'adopt',
      [
        "Defines the domain that a running emulator's command line comes to, by its pid or the name that list --foreign shows.",
        'Where its monitor is free, its process is taken over: it can then be paused, stopped and watched like any other,',
        'also after virtty was started anew. Where it is not, only the definition is made; what has the monitor is told.',
      ],
      () => import('../commands/adopt.ts'),
      [{name: 'name', value: 'string', help: 'what it is called here; else as its command line says'}],
    ),
    json: 'what came of it',
  },
  actionRow('resume', ['Lets a domain go on that was suspended.'], () => import('../commands/resume.ts')),
];
