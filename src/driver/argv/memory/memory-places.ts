/** A mounted hugetlbfs: pages of one size. */
export interface HugepageMount {
  readonly pageKiB: bigint;
  /** Where the driver keeps what is its own on it: a folder below the mount, absolute. */
  readonly directory: string;
  /** Its pages are those that the kernel calls huge when no size is said. */
  readonly isDefault: boolean;
}

/** What this process may keep from being swapped out. */
export interface LockAbility {
  /** The most that it may have without asking. */
  readonly limitKiB: bigint | 'unlimited';
  /** Whether it may have more: CAP_SYS_RESOURCE. */
  readonly mayRaise: boolean;
}

/** Where on the host a guest's memory can be kept; read at start. */
export interface MemoryPlaces {
  readonly hugepages: readonly HugepageMount[];
  /** For memory that is a file, absolute. */
  readonly files: string;
  /** An ordinary page. */
  readonly pageKiB: bigint;
}
