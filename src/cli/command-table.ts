import type {CommandSpec} from './command.ts';
import {CONVERSION_COMMANDS} from './table/conversion-commands.ts';
import {DEVICE_COMMANDS} from './table/device-commands.ts';
import {DOMAIN_ACTION_COMMANDS} from './table/domain-action-commands.ts';
import {DOMAIN_COMMANDS} from './table/domain-commands.ts';
import {HOST_COMMANDS} from './table/host-commands.ts';
import {PROGRAM_COMMANDS} from './table/program-commands.ts';

/** Every command, in the order in which help and the manual list them. */
export const COMMANDS: readonly CommandSpec[] = [
  ...DOMAIN_COMMANDS,
  ...DEVICE_COMMANDS,
  ...DOMAIN_ACTION_COMMANDS,
  ...CONVERSION_COMMANDS,
  ...HOST_COMMANDS,
  ...PROGRAM_COMMANDS,
];
