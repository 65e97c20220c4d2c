/**
 * Everything here is what pure code must not touch. It type-checks with Node's types and must not without them: each line
 * that ends in `impure` has to be an error of the purity pass, which also shows that no package re-opens the door.
 */
import {readFileSync} from 'node:fs'; // impure

export const canary = [
  readFileSync('/proc/self/stat'),
  process.env, // impure
  setTimeout(() => undefined, 1), // impure
  console.log, // impure
  Buffer.alloc(1), // impure
  new AbortController(), // impure
];
