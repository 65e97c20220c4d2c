import {actionCommand} from '../domain-action.ts';

/** `virtty shutdown DOMAIN`. */
export const run = actionCommand('shutdown');
