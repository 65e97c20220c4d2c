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

/** What would help where something is refused. */
export interface Remedy {
  /** The command as a shell takes it, or the line that is to stand in a file of the host. */
  readonly command: string;
  /** What is different after it, as a sentence without its full stop. */
  readonly changes: string;
  /** The command as a program and its arguments; absent for what only a person should do. */
  readonly argv?: readonly string[];
  /** The one file that it changes, named in `argv`. */
  readonly target?: string;
  /** What takes it back; absent where nothing does. */
  readonly undo?: Pick<Remedy, 'command' | 'argv'>;
}

/** A remedy that was carried out. */
export interface RemedyResult {
  readonly command: string;
  /** What it printed; outside text. */
  readonly output: string;
  /** How it failed, as a sentence's end; absent when it did not. */
  readonly failure?: string;
  /** What takes it back; `domainRemedy` of the same connection carries it out. */
  readonly undo?: string;
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
  /** The gentlest first; none of them is carried out by asking. */
  readonly remedies: readonly Remedy[];
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
