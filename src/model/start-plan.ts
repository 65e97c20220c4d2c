/** One thing that a start does on the host. */
export interface PlannedStep {
  /** What kind of step it is, e.g. `make-run-dir`. */
  readonly kind: string;
  /** As a command for a POSIX shell that would do it by hand, or a comment. */
  readonly command: string;
  /** How it is undone when the start fails, likewise. */
  readonly undo: string;
}

/** Everything that a start of a domain would do, in order; the ports and devices in it are those that are free now. */
export interface StartPlan {
  readonly domain: string;
  readonly steps: readonly PlannedStep[];
  /** What the emulator's process is given and what is taken from it, as pairs of a name and words. */
  readonly confinement: readonly (readonly [aspect: string, asked: string])[];
  readonly environment: Readonly<Record<string, string>>;
  /** Emulator and arguments, as the kernel gets them. */
  readonly argv: readonly string[];
  /** The same, quoted for a shell, an option on each line. */
  readonly commandLine: string;
  /** What the emulator is told over its monitor before its guest runs, by the names of the commands. */
  readonly monitor: readonly string[];
  /** Worth knowing before, a sentence each. */
  readonly warnings: readonly string[];
}
