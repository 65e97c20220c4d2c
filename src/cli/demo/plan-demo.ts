import type {DemoGuest, DemoHost} from './demo-guest.ts';
import {IPXE} from './ipxe.ts';
import {LINUX} from './linux.ts';
import {OPENBIOS} from './openbios.ts';

/** The guests of the demo, in the order in which they are defined. */
export const DEMO_GUESTS: readonly DemoGuest[] = [IPXE, OPENBIOS, LINUX];

/** What is to be done so that the instance has every guest that this host can offer. */
export interface DemoPlan {
  readonly define: readonly {readonly name: string; readonly xml: string}[];
  /** A sentence for each guest that cannot be offered. */
  readonly missing: readonly string[];
}

/** Decides which guests to define; one that is there already stays as it is. @param defined  names of the instance's domains */
export function planDemo(host: DemoHost, defined: ReadonlySet<string>): DemoPlan {
  const absent = DEMO_GUESTS.filter(guest => !defined.has(guest.name));
  const judged = absent.map(guest => ({guest, why: guest.missing(host)}));
  return {
    define: judged.filter(({why}) => why === undefined).map(({guest}) => ({name: guest.name, xml: guest.xml(host)})),
    missing: judged.flatMap(({guest, why}) => (why === undefined ? [] : [`without '${guest.name}': ${why}`])),
  };
}
