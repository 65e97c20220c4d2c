import {Emitter} from '../src/base/emitter.ts';
import type {ConsoleChunk, ConsoleStream} from '../src/model/hypervisor.ts';
import {ConsoleTerminal} from '../src/ui/terminal/console-terminal.ts';
import {type FigureGroup, median} from './figure.ts';

const LINES = 10_000;
const LINE = 'kernel: usb 1-1: new high-speed USB device, using xhci_hcd, of many words to fill the line';
const WANTED = ['line 77', 'XHCI', 'not there', `[${LINES / 2}.000000]`];

/** What the pane does at a search in a full history, with the rows that it draws then. */
export const historySearch: FigureGroup = {
  figures: [{id: 'search', title: `${LINES} lines of a console's history searched`, unit: 'ms', target: 50}],
  async measure(lab) {
    const data = new Emitter<ConsoleChunk>();
    const terminal = new ConsoleTerminal(streamOf(data), {columns: 120, rows: 40});
    try {
      const text = Array.from({length: LINES}, (_, at) => `[${at}.000000] ${LINE} ${at % 100}\r\n`).join('');
      const parsed = new Promise<void>(resolve => terminal.onChange(() => terminal.pendingBytes === 0 && resolve()));
      data.emit({bytes: Buffer.from(text), replay: true});
      await parsed;
      const times: number[] = [];
      for (let run = 0; run < lab.runs; run++) {
        for (const wanted of WANTED) {
          terminal.search('');
          const start = usedMs();
          terminal.search(wanted);
          terminal.rows(true);
          times.push(usedMs() - start);
        }
      }
      const worst = Math.max(...times);
      return [{value: median(times), detail: `of ${times.length} searches, the slowest ${worst.toFixed(1)} ms`}];
    } finally {
      terminal.dispose();
    }
  },
};

/** The processor's time of this thread: what else runs on the machine does not count. */
function usedMs(): number {
  const {user, system} = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** A guest that is live and says what the bench emits. */
function streamOf(data: Emitter<ConsoleChunk>): ConsoleStream {
  return {
    device: {alias: 'serial0', kind: 'serial'},
    status: {is: 'live'},
    skippedBytes: 0,
    historyBytes: 0,
    onData: listener => data.on(listener),
    onStatus: () => ({dispose: () => {}}),
    claim: () => {},
    release: () => {},
    write: () => {},
    pause: () => {},
    resume: () => {},
    dispose: () => {},
  };
}
