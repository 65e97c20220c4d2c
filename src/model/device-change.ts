/** A device of a domain: by an XML that says which, or the target of a disk, e.g. `vdb`. */
export type DeviceChoice = {readonly xml: string} | {readonly target: string};

/** What an attached or detached device is of. */
export interface DeviceChangeOptions {
  /** Of the guest that runs, of the definition for its next starts, or of both; without a word the first where it runs. */
  readonly affects?: readonly ('live' | 'config')[];
}
