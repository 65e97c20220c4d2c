import {readlinkSync} from 'node:fs';
import {userInfo} from 'node:os';
import {ProcessLock} from './process-lock.ts';

/** Somebody who types into a line. */
export interface Typist {
  readonly user: string;
  readonly pid: number;
  /** The terminal, e.g. `/dev/pts/3`; absent for a program without one. */
  readonly tty?: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** The right to type into a line: one process at a time has it. */
export interface TypingRight {
  readonly isMine: boolean;
  /** @returns who has it instead; undefined when it is taken. @throws {VirtError} SYSTEM_ERROR */
  take(options: {readonly force: boolean}): Typist | undefined;
  release(): void;
}

/** The right that the file of this path stands for. It ends with its process, however that ends. */
export function typingRight(path: string): TypingRight {
  const lock = new ProcessLock(path);
  return {
    get isMine() {
      return lock.isMine;
    },
    take: options => {
      const holder = lock.take(ownFacts(), options);
      return holder && typistOf(holder.pid, holder.facts);
    },
    release: () => lock.release(),
  };
}

function ownFacts(): Readonly<Record<string, unknown>> {
  const tty = terminalOf(0);
  return {user: userInfo().username, sinceMs: Date.now(), ...(tty === undefined ? {} : {tty})};
}

function typistOf(pid: number, {user, tty, sinceMs}: Readonly<Record<string, unknown>>): Typist {
  return {
    pid,
    user: typeof user === 'string' ? user : 'somebody',
    sinceMs: typeof sinceMs === 'number' ? sinceMs : 0,
    ...(typeof tty === 'string' ? {tty} : {}),
  };
}

function terminalOf(fd: number): string | undefined {
  try {
    const path = readlinkSync(`/proc/self/fd/${fd}`);
    return /^\/dev\/(?:pts\/\d+|tty\w*|console)$/.test(path) ? path : undefined;
  } catch {
    return undefined; // the descriptor is closed: a program without a terminal
  }
}
