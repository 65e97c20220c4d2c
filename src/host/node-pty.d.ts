// What is used of node-pty 1.1. The prebuilt package ships its types as an ambient module, which TypeScript
// does not take for the module that the import resolves to; tsconfig.json maps the import here.
import type {ReadStream} from 'node:tty';

export interface PtyOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly cwd?: string;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** null: `onData` gives buffers. */
  readonly encoding?: string | null;
}

export interface PtyProcess {
  readonly pid: number;
  readonly cols: number;
  readonly rows: number;
  onData(listener: (data: string) => void): {dispose(): void};
  onExit(listener: (event: {exitCode: number; signal?: number}) => void): {dispose(): void};
  write(data: string | Uint8Array): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal?: string): void;
}

/** A pty without a process; of the Unix class. */
export interface OpenPty {
  readonly master: ReadStream;
  readonly slave: ReadStream;
  readonly ptsName: string;
}

export function spawn(file: string, args: readonly string[], options: PtyOptions): PtyProcess;
export function open(options: PtyOptions): OpenPty;
