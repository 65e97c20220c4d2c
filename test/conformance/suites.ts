import {schema} from './schema.ts';
import type {Suite} from './suite.ts';
import {xml2xml} from './xml2xml.ts';

/** Every suite that `npm run conformance` knows, in the order in which it runs them. */
export const SUITES: readonly Suite[] = [xml2xml, schema];
