/** The command line itself is wrong: exit status 2. Nothing was tried. */
export class UsageError extends Error {
  /** What to type instead, as one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
