/** The Linux credentials of a process as the kernel reports them. Source: Linux, Documentation/filesystems/proc.rst, /proc/PID/status. */
export interface ProcessCredentials {
  readonly pid: number;
  readonly uid: {readonly real: number; readonly effective: number; readonly saved: number; readonly fs: number};
  readonly gid: {readonly real: number; readonly effective: number; readonly saved: number; readonly fs: number};
  readonly groups: readonly number[];
  /** Capability sets as bit masks. */
  readonly capabilities: {
    readonly inheritable: bigint;
    readonly permitted: bigint;
    readonly effective: bigint;
    readonly bounding: bigint;
    readonly ambient: bigint;
  };
  readonly noNewPrivs: boolean;
  readonly seccomp: {readonly mode: 'disabled' | 'strict' | 'filter'; readonly filters: number};
  /** The label of the security module in force (SELinux, AppArmor), when there is one. */
  readonly label?: string;
}

/** One thing that was asked for, what the kernel says, and whether they agree. */
export interface SecurityCheck {
  /** e.g. `user`, `effective capabilities`, `disk 'vda' /images/web.qcow2`. */
  readonly aspect: string;
  readonly asked: string;
  /** Outside text. */
  readonly observed: string;
  /**
   * `note`: as asked, yet worth knowing. `unknown`: it could not be found out. `unasked`: something else started the process,
   * and what was to be is not known.
   */
  readonly verdict: 'ok' | 'note' | 'drift' | 'unknown' | 'unasked';
  /** Commands that give back what was asked, or that tell more, the gentlest first; absent where there is none. */
  readonly remedies?: readonly string[];
}

/** What checks are about, in the order in which they are told. */
export const CHECK_PARTS = ['process', 'label', 'devices', 'files'] as const;
export type CheckPart = (typeof CHECK_PARTS)[number];

export interface PartCheck extends SecurityCheck {
  readonly part: CheckPart;
}

/** How one running domain is confined. */
export interface SecurityReport {
  readonly domain: string;
  readonly credentials: ProcessCredentials;
  /** In the order of their parts. */
  readonly checks: readonly PartCheck[];
}

/** What of a running domain is no longer as it was asked. */
export interface DomainDrift {
  readonly name: string;
  /** With the verdict `drift` each, in the order of a report; none where all is as asked. */
  readonly checks: readonly PartCheck[];
}

/** The checks that differ from what was asked. */
export function driftOf(checks: readonly PartCheck[]): readonly PartCheck[] {
  return checks.filter(({verdict}) => verdict === 'drift');
}

/** Of a device that the process has open: in the report alone, a short look does not ask. */
export function isOpenDevice({aspect}: SecurityCheck): boolean {
  return aspect.startsWith('open device');
}

/** `as asked`, `2 differ`, or what is said where nothing was asked. */
export function verdictWords(checks: readonly PartCheck[]): string {
  const drifting = driftOf(checks).length;
  if (drifting > 0) return drifting === 1 ? '1 differs' : `${drifting} differ`;
  return checks.some(({verdict}) => verdict === 'unasked') ? 'observed only' : 'as asked';
}

/** Checks with the part that they are about. */
export function inPart(part: CheckPart, checks: readonly SecurityCheck[]): readonly PartCheck[] {
  return checks.map(check => ({part, ...check}));
}
