import type {OwnGroup} from '../../security/cgroup/cgroup-confinement.ts';
import type {DeviceRule} from '../../security/cgroup/device-rule.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import type {GuestIdentity} from '../../security/guest-identity.ts';
import type {SecretValue} from '../argv/secret-args.ts';

/** A program of the host with its arguments, run without a shell. */
export interface HostCommand {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
}

/** Who a file belongs to. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** A control group with what its processes may open. */
export type MadeGroup = OwnGroup & {readonly devices: readonly DeviceRule[]};

/** Undefined: the driver itself, as in a session, where guests have no other user. */
export type StepOwner = FileOwner | undefined;

/** One thing to do on the host before the emulator starts; each knows how it is taken back when the start fails. */
export type HostStep =
  /** Lets a guest of another user through the instance's own folders to what is its; that stays. */
  | {readonly do: 'let-through'; readonly folders: readonly string[]; readonly guest: GuestIdentity}
  /**
   * Makes the directory of a run, and in it that of the guest's processes; taken back by removing it with what is in it.
   * The first is never a guest's: what is written down of the run is there. `label`: the second is made with it, because
   * policies let the driver label few types afterwards.
   */
  | {
      readonly do: 'make-run-dir';
      readonly path: string;
      readonly guestDir: string;
      readonly owner: StepOwner;
      readonly label?: string;
    }
  /** Moves the log of the boot before out of the way; taken back by moving it to its place again. */
  | {readonly do: 'rotate-log'; readonly path: string; readonly previous: string}
  /** Makes an empty log that the emulator appends to; taken back by removing it. */
  | {readonly do: 'create-log'; readonly path: string; readonly owner: StepOwner}
  /**
   * Makes a folder of the guest's, taken back where this start has made it; one of this run goes by a `TakeBack`, too. One
   * that is there is given to it with the files in it.
   */
  | {readonly do: 'make-dir'; readonly path: string; readonly owner: StepOwner}
  /** Writes a small file into the guest's directory of the run; it goes with that. */
  | {readonly do: 'write-file'; readonly path: string; readonly text: string; readonly owner: StepOwner}
  /**
   * Makes the file of a firmware's variables of its template, where the domain has none yet. It belongs to the domain and
   * stays when the run ends; taken back only where this start has made it.
   */
  | {readonly do: 'create-nvram'; readonly path: string; readonly template?: string; readonly owner: StepOwner}
  /** Writes down what outlives the emulator, before the first of it is made; taken back by doing what is written there. */
  | {readonly do: 'write-take-backs'; readonly runDir: string; readonly takeBacks: readonly TakeBack[]}
  /**
   * Labels a file or folder that the driver has just made for the guest; that goes by the undo of what made it.
   * `ifAllowed`: the guest can use it without, and some policies do not let the driver label it.
   */
  | {readonly do: 'set-label'; readonly path: string; readonly label: string; readonly ifAllowed?: true}
  /** Runs a program to its end; `undo` takes it back when the start fails. */
  | {
      readonly do: 'run';
      /** For a message: `cannot WHAT`. */
      readonly what: string;
      readonly command: HostCommand;
      readonly undo?: HostCommand;
      readonly hint?: string;
    }
  /** Makes an empty file that must not be there; taken back by removing it. */
  | {readonly do: 'create-file'; readonly path: string; readonly owner: StepOwner}
  /** Writes the value of a secret into a file that its owner alone may read; taken back by removing it. */
  | {
      readonly do: 'write-secret';
      readonly path: string;
      /** Which secret: its value is looked up when it is written. */
      readonly value: SecretValue;
      /** A stored value is written as it is, not in base64 as it is kept. */
      readonly plain?: boolean;
      /** The folder of the secrets. */
      readonly store: string;
      /** For a message: `disk 'vda' of domain 'demo'`. */
      readonly what: string;
      readonly owner: StepOwner;
    }
  /** Makes files of the host the guest's, as a registry then says; a `TakeBack` gives them back. */
  | {
      readonly do: 'grant-files';
      readonly registry: string;
      /** The domain, by its UUID. */
      readonly user: string;
      /** The name of the domain, for messages. */
      readonly domain: string;
      readonly grants: readonly FileGrant[];
    }
  /** Starts a program that serves the emulator, and waits for its socket; a `TakeBack` ends it. */
  | {readonly do: 'start-helper'; readonly helper: HelperProgram}
  /** Makes the control group that the emulator joins, with its list of devices; a `TakeBack` removes it. */
  | {readonly do: 'make-cgroup'; readonly group: MadeGroup};

/** A program that runs beside an emulator. */
export interface HelperProgram extends HostCommand {
  /** For a message: `the daemon of the filesystem 'tag'`. */
  readonly what: string;
  /** Where it listens; it is ready when this is there. */
  readonly socket: string;
  /** Gets the socket of a helper that runs as root; absent: the helper makes it as its own user. */
  readonly socketOwner?: FileOwner;
  /** Gets its `/proc/PID/stat`, which names its process once and for all. */
  readonly pidFile: string;
  /** Gets its output. */
  readonly logPath: string;
}

/**
 * Something that a start leaves on the host, and how it goes when the domain has ended, however it ended. It is written
 * down before it is made, so each of them does nothing where there is nothing.
 */
export type TakeBack =
  /** Removes a network device that bears our mark. */
  | {readonly what: 'link'; readonly dev: string; readonly mark: string; readonly ip: string}
  /** Tells a script that a network device is about to go. */
  | {readonly what: 'script'; readonly path: string; readonly dev: string; readonly mark: string}
  /** Gives a network device the address again that it had. */
  | {readonly what: 'address'; readonly dev: string; readonly address: string; readonly ip: string}
  /** Takes address and VLAN from a virtual function of a card. */
  | {readonly what: 'virtual-function'; readonly parent: string; readonly number: number; readonly ip: string}
  /** Removes a folder of files of this run alone. */
  | {readonly what: 'directory'; readonly path: string}
  /** Ends a helper by the file that names its process. */
  | {readonly what: 'process'; readonly pidFile: string}
  /** Gives back the files that a domain was given, so far as it is the last that uses them. */
  | {readonly what: 'grants'; readonly registry: string; readonly user: string}
  /** Removes a file that the run alone had. */
  | {readonly what: 'file'; readonly path: string}
  /** Removes a control group, once its last process has ended. */
  | {readonly what: 'cgroup'; readonly path: string};
