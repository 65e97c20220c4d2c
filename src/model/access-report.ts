/** What a guest's process must be able to do with an element of a path. */
export type AccessNeed = 'search' | 'read' | 'write' | 'execute' | 'create';

/** What an element of a path is. */
export type ElementKind =
  | 'directory'
  | 'file'
  | 'block device'
  | 'character device'
  | 'socket'
  | 'pipe'
  | 'link'
  | 'other';

/** One element of a path, with what the guest's process needs of it and what the kernel says. */
export interface AccessStep {
  readonly path: string;
  /** Absent when it is not there. */
  readonly kind?: ElementKind;
  /** Mode bits, e.g. 0o750. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Where a link leads to. */
  readonly target?: string;
  readonly needs: readonly AccessNeed[];
  /** `unknown`: the kernel could not be asked as the guest's user. */
  readonly verdict: 'allowed' | 'refused' | 'missing' | 'unknown';
}

/** One file or device of the host that a guest needs, walked from the root as its process would. */
export interface AccessFinding {
  /** As in the inventory of host resources, or `emulator`. */
  readonly role: string;
  /** e.g. `vda`; absent for what belongs to no device. */
  readonly device?: string;
  readonly path: string;
  readonly access: 'read' | 'write' | 'execute';
  readonly verdict: 'ok' | 'refused' | 'missing' | 'unknown';
  readonly steps: readonly AccessStep[];
  /** Why the step that refuses does so, as one sentence. */
  readonly why?: string;
  /** Commands that would help, the gentlest first; none of them is run. */
  readonly remedies: readonly string[];
}

/** Whether a guest's process reaches everything that its definition names. */
export interface AccessReport {
  readonly domain: string;
  /** As whom the guest's process opens files. */
  readonly actor: {
    readonly uid: number;
    readonly gid: number;
    readonly user: string;
    readonly group: string;
    /** True for root without capabilities: files of others are closed to it. */
    readonly powerlessRoot: boolean;
  };
  readonly findings: readonly AccessFinding[];
  /** What could not be looked at, a sentence each. */
  readonly notes: readonly string[];
}
