import {actionCommand} from '../domain-action.ts';

/** `virtty suspend DOMAIN`. */
export const run = actionCommand('suspend');
