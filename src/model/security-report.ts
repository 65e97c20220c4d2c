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
  /** e.g. `user`, `effective capabilities`, `seccomp`. */
  readonly aspect: string;
  readonly asked: string;
  readonly observed: string;
  /** `note`: as asked, yet worth knowing. */
  readonly verdict: 'ok' | 'note' | 'drift' | 'unknown';
}

/** How one running domain is confined. */
export interface SecurityReport {
  readonly domain: string;
  readonly credentials: ProcessCredentials;
  readonly checks: readonly SecurityCheck[];
}
