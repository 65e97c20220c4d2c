import {Duplex} from 'node:stream';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {LineSplitter} from '../../src/monitor/line-splitter.ts';
import type {QmpEvent} from '../../src/monitor/monitor-client.ts';
import {QmpClient, QmpCommandError} from '../../src/monitor/qmp-client.ts';
import {formatQmpJson, parseQmpJson} from '../../src/monitor/qmp-json.ts';

const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": ["oob"]}}\r\n';

interface Sent {
  readonly execute: string;
  readonly id: number;
  readonly arguments?: unknown;
}

/** The emulator's side of a monitor connection: what was sent, and a way to answer byte by byte. */
class Peer extends Duplex {
  readonly sent: Sent[] = [];
  readonly #answers: Readonly<Record<string, (command: Sent) => string>>;

  constructor(answers: Readonly<Record<string, (command: Sent) => string>>) {
    super();
    this.#answers = answers;
  }

  say(text: string | Buffer): void {
    this.push(text);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const line of chunk.toString().trimEnd().split('\n')) {
      const command = JSON.parse(line) as Sent;
      this.sent.push(command);
      const answer = this.#answers[command.execute];
      if (!answer) throw new Error(`unexpected command ${command.execute}`);
      const text = answer(command);
      if (text !== '') this.push(text);
    }
    done();
  }
}

const negotiated = {qmp_capabilities: ({id}: Sent) => `{"return": {}, "id": ${id}}\r\n`};

async function connect(answers: Readonly<Record<string, (command: Sent) => string>> = {}) {
  const peer = new Peer({...negotiated, ...answers});
  const client = new QmpClient(peer);
  const events: QmpEvent[] = [];
  client.onEvent(event => events.push(event));
  peer.say(GREETING);
  const greeting = await client.negotiate();
  return {peer, client, events, greeting};
}

describe('QMP client', () => {
  test('negotiates and reads the version', async () => {
    const {client, greeting} = await connect();
    expect(client.state).toBe('ready');
    expect(greeting.version).toEqual({major: 7, minor: 2, micro: 22});
  });

  test('gives each caller its own answer, in whatever order they come', async () => {
    const later: string[] = [];
    const {peer, client} = await connect({
      first: ({id}) => {
        later.push(`{"return": "one", "id": ${id}}\n`);
        return '';
      },
      second: ({id}) => `{"return": "two", "id": ${id}}\n`,
    });
    const one = client.execute('first');
    expect(await client.execute('second')).toBe('two');
    peer.say(later.join(''));
    expect(await one).toBe('one');
  });

  test('keeps events that come before the answer to the greeting', async () => {
    const peer = new Peer({
      qmp_capabilities: ({id}) =>
        `{"event": "STOP", "timestamp": {"seconds": 2, "microseconds": 500}}\n{"return": {}, "id": ${id}}\n`,
    });
    const client = new QmpClient(peer);
    const events: QmpEvent[] = [];
    client.onEvent(event => events.push(event));
    peer.say(GREETING);
    await client.negotiate();
    expect(events).toEqual([{name: 'STOP', data: {}, atMs: 2000.5}]);
  });

  test('keeps events for the first listener, and tells a late one that it is closed', async () => {
    const peer = new Peer(negotiated);
    const client = new QmpClient(peer);
    peer.say(`${GREETING}{"event": "STOP"}\n{"event": "RESUME"}\n`);
    await client.negotiate();
    const events: string[] = [];
    client.onEvent(event => events.push(event.name));
    client.onEvent(event => events.push(`second ${event.name}`));
    expect(events).toEqual(['STOP', 'RESUME']);
    client.dispose();
    const {promise, resolve} = Promise.withResolvers<string>();
    client.onClosed(error => resolve(error.code));
    expect(await promise).toBe('OPERATION_FAILED');
  });

  test("quotes QEMU's own words when it refuses", async () => {
    const {client} = await connect({
      cont: ({id}) =>
        `{"error": {"class": "GenericError", "desc": "Resetting the Virtual Machine is required"}, "id": ${id}}\n`,
    });
    await expect(client.execute('cont')).rejects.toThrow(QmpCommandError);
    await expect(client.execute('cont')).rejects.toThrow(
      "the emulator refused 'cont': Resetting the Virtual Machine is required",
    );
  });

  test('settles every pending call when the connection ends', async () => {
    const {peer, client} = await connect({slow: () => '', slower: () => ''});
    const calls = [client.execute('slow'), client.execute('slower')];
    peer.push(null);
    for (const call of calls) await expect(call).rejects.toMatchObject({code: 'OPERATION_FAILED'});
    await expect(client.execute('late')).rejects.toMatchObject({code: 'OPERATION_FAILED'});
    expect(client.state).toBe('closed');
  });

  test('gives up on an answer that does not come, and ignores it when it does', async () => {
    const {peer, client} = await connect({hang: () => '', next: ({id}) => `{"return": 1, "id": ${id}}\n`});
    await expect(client.execute('hang', undefined, {timeoutMs: 5})).rejects.toMatchObject({code: 'OPERATION_TIMEOUT'});
    peer.say(`{"return": "too late", "id": ${peer.sent.at(-1)?.id}}\n`);
    expect(await client.execute('next')).toBe(1);
  });

  test('closes on what is not QMP and says so', async () => {
    const {peer, client} = await connect({query: () => ''});
    const call = client.execute('query');
    peer.say('SeaBIOS (version 1.16)\n');
    await expect(call).rejects.toThrow(/what is not QMP/);
  });

  test('refuses a line beyond the limit without keeping it', () => {
    const splitter = new LineSplitter(10);
    expect(splitter.push(Buffer.from('12345'))).toEqual([]);
    expect(() => splitter.push(Buffer.from('678901'))).toThrow(/more than 10 bytes/);
  });
});

describe('QMP framing', () => {
  test('any cut of the stream gives the same lines, also inside a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({unit: 'grapheme'}).map(text => text.replace(/[\r\n]/g, ' '))),
        fc.array(fc.nat(40)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map(line => `${line}\r\n`).join(''));
          const splitter = new LineSplitter();
          const got: string[] = [];
          let at = 0;
          for (const cut of cuts) {
            got.push(...splitter.push(bytes.subarray(at, at + cut)));
            at = Math.min(bytes.length, at + cut);
          }
          got.push(...splitter.push(bytes.subarray(at)));
          expect(got).toEqual(lines.map(line => Buffer.from(line).toString()));
        },
      ),
    );
  });

  test('64-bit integers survive both ways', () => {
    const text = '{"max":18446744073709551615,"min":-9223372036854775808,"small":1}';
    expect(parseQmpJson(text)).toEqual({max: 18446744073709551615n, min: -9223372036854775808n, small: 1});
    expect(formatQmpJson(parseQmpJson(text))).toBe(text);
  });

  test('random bytes close the client, never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({maxLength: 200}), async bytes => {
        const {peer, client} = await connect({query: () => ''});
        const call = client.execute('query', undefined, {timeoutMs: 1000});
        const settled = call.then(
          () => 'answered',
          () => 'failed',
        );
        peer.say(Buffer.from(bytes));
        peer.push(null);
        expect(await settled).toBe('failed');
      }),
      {numRuns: 50},
    );
  });
});
