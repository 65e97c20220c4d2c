import {actionCommand} from '../domain-action.ts';

/** `virtty resume DOMAIN`. */
export const run = actionCommand('resume');
