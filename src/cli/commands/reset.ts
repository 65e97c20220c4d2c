import {actionCommand} from '../domain-action.ts';

/** `virtty reset DOMAIN`. */
export const run = actionCommand('reset');
