import {openScreen} from '../open-screen.ts';

/** `virtty` and `virtty screen`. */
export const run = openScreen;
