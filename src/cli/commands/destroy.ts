import {actionCommand} from '../domain-action.ts';

/** `virtty destroy DOMAIN`. */
export const run = actionCommand('destroy');
