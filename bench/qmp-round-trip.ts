import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {connect, type Socket} from 'node:net';
import {setTimeout as pass} from 'node:timers/promises';
import {QmpClient} from '../src/monitor/qmp-client.ts';
import {type FigureGroup, median} from './figure.ts';

const ROUNDS_PER_RUN = 200;
const NOT_COUNTED = 200;
const DEADLINE_MS = 10_000;

/** A command and its answer over our client, and over a socket that looks for the end of the line and parses it. */
export const qmpRoundTrip: FigureGroup = {
  figures: [{id: 'qmp', title: 'QMP round trip / a bare socket', unit: 'x', target: 1.3}],
  unable: lab => (lab.emulator === undefined ? 'there is no qemu-system-x86_64' : undefined),
  async measure(lab) {
    const paths = ['client', 'bare'].map(name => `${lab.root}/${name}.sock`) as [string, string];
    const monitors = paths.flatMap(path => ['-qmp', `unix:${path},server=on,wait=off`]);
    const args = ['-M', 'none', '-nodefaults', '-display', 'none', ...monitors];
    const emulator = spawn(lab.emulator ?? '', args, {stdio: 'ignore'});
    try {
      const [client, bare] = [new QmpClient(await connectTo(paths[0])), new BareClient(await connectTo(paths[1]))];
      await client.negotiate();
      await bare.ask('qmp_capabilities');
      const times = {client: [] as number[], bare: [] as number[]};
      for (let round = -NOT_COUNTED; round < lab.runs * ROUNDS_PER_RUN; round++) {
        const ours = await timeOf(() => client.execute('query-status'));
        const theirs = await timeOf(() => bare.ask('query-status'));
        if (round < 0) continue; // V8 compiles what is used often
        times.client.push(ours);
        times.bare.push(theirs);
      }
      client.dispose();
      bare.close();
      const [ours, theirs] = [median(times.client), median(times.bare)];
      return [{value: ours / theirs, detail: `${ours.toFixed(3)} ms, bare ${theirs.toFixed(3)} ms`}];
    } finally {
      emulator.kill('SIGKILL');
      await once(emulator, 'exit');
    }
  },
};

/** The least that can be called a client: no ids, no events, no limits of time. */
class BareClient {
  readonly #socket: Socket;
  #text = '';
  #settle: (answer: unknown) => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket.setEncoding('utf8');
    socket.on('data', chunk => {
      this.#text += chunk;
      const lines = this.#text.split('\n');
      this.#text = lines.pop() ?? '';
      for (const answer of lines.map(line => JSON.parse(line) as object)) if ('return' in answer) this.#settle(answer);
    });
  }

  ask(command: string): Promise<unknown> {
    return new Promise(resolve => {
      this.#settle = resolve;
      this.#socket.write(`${JSON.stringify({execute: command})}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** The emulator needs a moment to listen. */
async function connectTo(path: string): Promise<Socket> {
  for (const deadline = performance.now() + DEADLINE_MS; ; await pass(10)) {
    if (!existsSync(path) && performance.now() < deadline) continue;
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
