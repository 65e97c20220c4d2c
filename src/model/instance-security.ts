import type {Problem} from '../base/problem.ts';

/** One line of the configuration that counts. */
export interface StatedSetting {
  readonly name: string;
  /** As it stands in the file; outside text. A password is not shown. */
  readonly value: string;
  /** 1-based. */
  readonly line: number;
  /** False for a setting of libvirt's that has no effect here. */
  readonly isHonoured: boolean;
}

/** How a driver instance confines its guests, and what its configuration says of that. */
export interface InstanceSecurity {
  readonly uri: string;
  readonly userName: string;
  /** As whom guests run. */
  readonly guests: {
    readonly uid: number;
    readonly gid: number;
    readonly user: string;
    readonly group: string;
    /** Root's driver gives its guests a user; a session has no finer level than its own. */
    readonly chosenByRoot: boolean;
    /** True for root's guests: they get none of root's capabilities. */
    readonly dropsCapabilities: boolean;
  };
  /** How guests are held to a list of devices, or why they are not: `by ...` or `none: ...`. */
  readonly deviceLists: string;
  /** With which label guests run, or why they have none of their own: `selinux: ...` or `none: ...`. */
  readonly labels: string;
  /** The security models in force on the host, the kernel's module first: `selinux`, `apparmor` or `none`, then `dac`. */
  readonly models: readonly string[];
  readonly configuration: {
    /** Of a file that need not be there. */
    readonly path: string;
    /** In the order of the file. */
    readonly settings: readonly StatedSetting[];
    /** Errors refuse each start. */
    readonly problems: readonly Problem[];
  };
}

/** With which label guests run or why they have none, and how far they are from root: why nothing finer is in force. */
export function modelWords({labels, guests}: Pick<InstanceSecurity, 'labels' | 'guests'>): string {
  return `${labels}; ${rightsWords(guests)}`;
}

function rightsWords({uid, user, chosenByRoot, dropsCapabilities}: InstanceSecurity['guests']): string {
  if (!chosenByRoot) return 'no finer level: guests run as the user of the session';
  if (uid !== 0) return `guests run as ${user}, not as root`;
  return `guests run as root ${dropsCapabilities ? 'without capabilities' : 'with its capabilities'}`;
}
