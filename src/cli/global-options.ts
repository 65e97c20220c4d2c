import type {GlobalOptionSpec} from './argument-spec.ts';

/** The options of the whole program, before or after a command's name. The letters are virsh's, but for `-V`. */
export const GLOBAL_OPTIONS: readonly GlobalOptionSpec[] = [
  {name: 'connect', short: 'c', value: 'URI', help: 'connect to this driver instance'},
  {name: 'readonly', short: 'r', help: 'refuse every command that changes something'},
  {name: 'quiet', short: 'q', help: 'print data only: no headings, no success messages'},
  {name: 'json', help: 'print data as JSON'},
  {name: 'help', short: 'h', help: 'show help, also of a command'},
  {name: 'version', short: 'V', help: 'show the version'},
];
