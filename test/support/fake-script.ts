/** Answers that a test gave beforehand, by what is asked; asking for another one is a bug of the test. */
export class FakeScript<T> {
  readonly #what: string;
  readonly #answers = new Map<string, T>();

  /** @param what  what the answers are, for the message about a missing one */
  constructor(what: string) {
    this.#what = what;
  }

  set(asked: string, answer: T): void {
    this.#answers.set(asked, answer);
  }

  /** @throws {Error} when the test gave no answer for this */
  get(asked: string): T {
    const answer = this.#answers.get(asked);
    if (answer === undefined) throw new Error(`the fake hypervisor was not told the ${this.#what} for '${asked}'`);
    return answer;
  }
}
