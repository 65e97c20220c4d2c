import type {NetSide} from '../argv/argv-input.ts';
import type {HostStep, TakeBack} from '../host-steps/host-step.ts';
import type {HandedFile} from '../preparation.ts';
import type {NetFacts} from './net-facts.ts';
import type {LinkedNic} from './resolve-nic.ts';

/** What one interface needs of the host. */
export interface NicPlan {
  /** As the live definition says it. */
  readonly nic: LinkedNic;
  /** How the emulator reaches it; absent when the files below are it. */
  readonly side?: NetSide;
  readonly steps: readonly HostStep[];
  /** In the order in which they are done. */
  readonly takeBacks: readonly TakeBack[];
  /** Opened for the emulator, one for each queue. */
  readonly files: readonly HandedFile['from'][];
  /** Worth knowing of a start that succeeds, as it stands after the name of the domain. */
  readonly warnings?: readonly string[];
}

/** Under what a start makes network devices. */
export interface NicPlanContext {
  readonly domain: string;
  readonly facts: NetFacts;
  /** As whom the emulator runs: it may open the tap devices that are made for it. */
  readonly uid: number;
  /** Whether network devices may be made. */
  readonly isRoot: boolean;
  /** Written on every device that is made, so that no other of the same name is removed. */
  readonly mark: string;
}

/** How many queues an interface has. */
export function queuesOf(nic: LinkedNic): number {
  return nic.driver?.queues ?? 1;
}
