/** What happens to the medium of a CD-ROM or floppy drive. */
export type MediaChange =
  | {readonly does: 'eject'}
  /** Into an empty drive. */
  | {readonly does: 'insert'; readonly source: string}
  /** Whatever is in the drive. */
  | {readonly does: 'update'; readonly source: string};

export interface MediaOptions {
  /** Of the guest that runs, of the definition for its next starts, or of both; without a word the first where it runs. */
  readonly affects?: readonly ('live' | 'config')[];
  /** Also when the guest has locked the medium in. */
  readonly force?: boolean;
}
