import type {DeviceRule} from './device-rule.ts';

/** Where the process of a guest is held to its device list. */
export type CgroupPlace =
  /** A group of the `devices` controller of version 1, by its directory. */
  | {readonly kind: 'v1'; readonly path: string}
  /** A group of version 2, by its directory, with a BPF program of the driver's. */
  | {readonly kind: 'bpf'; readonly path: string}
  /** A scope of systemd's, which makes and removes the group. */
  | {readonly kind: 'scope'; readonly unit: string};

/** A guest's place, and what it may open there. */
export type CgroupConfinement = CgroupPlace & {readonly devices: readonly DeviceRule[]};

/** A group that the driver makes and removes itself. */
export type OwnGroup = Exclude<CgroupPlace, {readonly kind: 'scope'}>;

/** Why a guest gets no device list, as a sentence's end: `this host has ...`. */
export interface NoDeviceList {
  readonly why: string;
  /** What would help. */
  readonly hint?: string;
}
