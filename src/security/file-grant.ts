/** What a guest's processes are given at one file of the host while the guest runs: an owner, a label, or both. */
export interface FileGrant {
  /** Absolute, as the definition names it. */
  readonly path: string;
  /** For messages: `disk 'vda'`. */
  readonly what: string;
  /** What it has to be; anything else is refused. */
  readonly kind: 'file' | 'block' | 'char' | 'dir' | 'socket' | 'pipe';
  /** `write`: read and write. */
  readonly access: 'read' | 'write';
  /** Other guests may be given it at the same time. */
  readonly shared: boolean;
  /** An empty file is made where there is none; anything else that is not there is left to who opens it. */
  readonly create?: boolean;
  /** Absent: the owner is left as it is. */
  readonly owner?: GrantOwner;
  /** Absent: the label is left as it is. */
  readonly label?: string;
  /** A file system that cannot be labelled is an error; otherwise its files are left as they are, with a warning. */
  readonly labelIsNeeded?: boolean;
  /** The last user gives back what the file had; otherwise what it was given stays. */
  readonly restore: boolean;
  /** Given in place of the owner that the file had before. */
  readonly restoreOwner?: GrantOwner;
}

/** Who a file belongs to. */
export interface GrantOwner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Joins two plans into one grant for each path, in the order in which the paths come first. Where both speak of a path,
 * it is used as each of them needs it (written where one writes, shared where both share) and what the later says of
 * owner, label and kind counts.
 */
export function mergeGrants(first: readonly FileGrant[], second: readonly FileGrant[]): readonly FileGrant[] {
  const byPath = new Map<string, FileGrant>();
  for (const grant of [...first, ...second]) {
    const known = byPath.get(grant.path);
    byPath.set(grant.path, known ? joined(known, grant) : grant);
  }
  return [...byPath.values()];
}

function joined(a: FileGrant, b: FileGrant): FileGrant {
  return {
    ...a,
    ...b,
    what: a.what,
    access: a.access === 'write' ? 'write' : b.access,
    shared: a.shared && b.shared,
    restore: a.restore || b.restore,
    ...(a.labelIsNeeded || b.labelIsNeeded ? {labelIsNeeded: true} : {}),
  };
}
