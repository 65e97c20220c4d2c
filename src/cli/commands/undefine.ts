import {actionCommand} from '../domain-action.ts';

/** `virtty undefine DOMAIN`. */
export const run = actionCommand('undefine');
