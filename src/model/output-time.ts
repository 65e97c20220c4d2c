/** When something came from a guest, in milliseconds since 1970. Nobody writes times into a log while nobody watches. */
export type OutputTime =
  /** Seen to come, to a second. */
  | {readonly is: 'at'; readonly ms: number}
  /** It was there when somebody looked. */
  | {readonly is: 'before'; readonly ms: number};
