import type {AclEntry} from '../../host/acl.ts';
import type {Mount} from '../../host/mounts.ts';
import type {PathElement} from '../../host/path-walk.ts';

/** What the host says of one element of a path. */
export interface ElementFacts extends PathElement {
  /** Absent where it has none beyond its mode, or where they could not be read. */
  readonly acl?: readonly AclEntry[];
  readonly mount?: Mount;
  /** Nobody may change it, not even root (`chattr +i`). */
  readonly isImmutable?: boolean;
}

/** As whom a process opens files. */
export interface Actor {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  /** True when it has kept the capabilities that make root of root. */
  readonly hasCapabilities: boolean;
}
