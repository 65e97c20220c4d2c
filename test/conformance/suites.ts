import {argvRoundTrip} from './argv-round-trip.ts';
import {argv2xml} from './argv2xml.ts';
import {capabilitySchema} from './capability-schema.ts';
import {qemuhelp} from './qemuhelp.ts';
import {schema} from './schema.ts';
import {seclabelXml} from './seclabel-xml.ts';
import {selinuxContexts} from './selinux-contexts.ts';
import {selinuxGenLabel} from './selinux-gen-label.ts';
import {selinuxLabel} from './selinux-label.ts';
import type {Suite} from './suite.ts';
import {xml2argv2009} from './xml2argv-2009.ts';
import {xml2argvMincaps} from './xml2argv-mincaps.ts';
import {xml2argvModern} from './xml2argv-modern.ts';
import {xml2xml} from './xml2xml.ts';

/** Every suite that `npm run conformance` knows, in the order in which it runs them. */
export const SUITES: readonly Suite[] = [
  argv2xml,
  xml2argv2009,
  xml2argvModern,
  xml2argvMincaps,
  xml2xml,
  schema,
  qemuhelp,
  selinuxLabel,
  selinuxGenLabel,
  selinuxContexts,
  seclabelXml,
  capabilitySchema,
];

/** Those that it runs when they are named. */
export const SUITES_BY_NAME: readonly Suite[] = [argvRoundTrip];
