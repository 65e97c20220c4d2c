import {actionCommand} from '../domain-action.ts';

/** `virtty reboot DOMAIN`. */
export const run = actionCommand('reboot');
