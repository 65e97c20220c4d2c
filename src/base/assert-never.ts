/** Marks a switch as exhausted: the compiler refuses a member without a case. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
