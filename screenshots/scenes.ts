import type {TestTerminal} from '../test/e2e/harness/terminal.ts';
import {GUESTS} from './demo-instance.ts';

/** One picture: how large the terminal is, and how the program is brought to show it. */
export interface Scene {
  /** Name of the file without its ending. */
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  /** Ends when the screen is as it is to be on the picture. */
  readonly play: (terminal: TestTerminal) => Promise<void>;
}

const WIDE = {columns: 120, rows: 40};
const SMALL = {columns: 80, rows: 24};

/** Every picture, in the order in which they are taken. */
export const SCENES: readonly Scene[] = [
  {
    name: 'domains-120x40',
    ...WIDE,
    async play(terminal) {
      await readyOn(terminal, GUESTS.echo);
      await terminal.see(/echo +● running .*\d%/);
      await terminal.see('seccomp');
      await terminal.notSee(/asked \d/, 60_000);
    },
  },
  {
    name: 'console-120x40',
    ...WIDE,
    async play(terminal) {
      await readyOn(terminal, GUESTS.pxe);
      terminal.type('K');
      await terminal.see('The guest is not asked');
      terminal.type('y');
      await terminal.see(/pxe-client +○ shut off/);
      terminal.type('s');
      await terminal.see(/pxe-client +● running/);
      terminal.type('c');
      // iPXE waits two seconds for the key.
      await terminal.see('Features:');
      terminal.press('Ctrl-b');
      await terminal.see('iPXE>');
      terminal.type('ifstat\r');
      await terminal.see(/Link status|TXE/);
    },
  },
  {
    name: 'console-80x24',
    ...SMALL,
    async play(terminal) {
      await readyOn(terminal, GUESTS.echo);
      terminal.type('c');
      await terminal.see('TYPING');
      terminal.type('hello from virtty\r?\r');
      await terminal.see('f flood');
    },
  },
  {
    name: 'monitor-120x40',
    ...WIDE,
    async play(terminal) {
      await readyOn(terminal, GUESTS.echo);
      terminal.type('m');
      await terminal.see('Esc leaves');
      terminal.type('info status\r');
      await terminal.see('VM status: running');
      terminal.type('info chardev\r');
      await terminal.see('serial0');
    },
  },
  {
    name: 'capabilities-120x40',
    ...WIDE,
    async play(terminal) {
      await readyOn(terminal, GUESTS.echo);
      terminal.type('5');
      terminal.type('z');
      await terminal.see(/huge pages: \w/); // zoomed: beside other panes it is cut
      await terminal.notSee(/asking|asked|no guest has been tried/, 60_000);
      // The first emulator, unfolded, and of its processors the first that is blocked.
      terminal.type('/Binary\r');
      await terminal.see('CPU models');
      terminal.type('jjjj');
      terminal.press('Right');
      await terminal.see('blocked by');
    },
  },
  {
    name: 'security-120x40',
    ...WIDE,
    async play(terminal) {
      await readyOn(terminal, GUESTS.echo);
      terminal.type('6');
      terminal.type('z');
      await terminal.see('seccomp');
      // The list of devices, unfolded.
      terminal.type('/Files\r');
      await terminal.see('/Files');
      terminal.type('k');
      terminal.press('Right');
      await terminal.see('control group');
    },
  },
  {
    name: 'domains-80x24',
    ...SMALL,
    async play(terminal) {
      await readyOn(terminal, GUESTS.echo);
      await terminal.see(/echo +● running .*\d%/);
    },
  },
  {
    name: 'failed-start-120x40',
    ...WIDE,
    async play(terminal) {
      await readyOn(terminal, GUESTS.copy);
      terminal.type('s');
      await terminal.see('cannot start domain');
      await terminal.see('Is another process using the image');
    },
  },
  {
    name: 'help-120x40',
    ...WIDE,
    async play(terminal) {
      await readyOn(terminal, GUESTS.echo);
      terminal.type('?');
      await terminal.see('Everywhere but where text is typed');
    },
  },
];

/** Waits for the first frame and selects a guest. */
async function readyOn(terminal: TestTerminal, guest: string): Promise<void> {
  await terminal.see(guest);
  terminal.type(':');
  terminal.type(`select ${guest}`);
  await terminal.see(`:select ${guest}`);
  terminal.press('Enter');
  await terminal.notSee(`:select ${guest}`);
}
