import {Duplex} from 'node:stream';
import {afterEach, describe, expect, test} from 'vitest';
import {HmpClient} from '../../../src/monitor/hmp-client.ts';
import {quadraticEcho} from './recordings.ts';

const BANNER = "QEMU 0.10.0 monitor - type 'help' for more information\r\n(qemu) ";

/** A monitor by hand: what it is sent is told, what it says is said. */
class HandMonitor extends Duplex {
  readonly lines: string[] = [];
  #written = '';
  onLine: (line: string) => void = () => {};

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#written += chunk.toString('latin1');
    for (let end = this.#written.indexOf('\r'); end >= 0; end = this.#written.indexOf('\r')) {
      const line = this.#written.slice(0, end);
      this.#written = this.#written.slice(end + 1);
      this.lines.push(line);
      this.onLine(line);
    }
    done();
  }

  say(...texts: readonly string[]): void {
    for (const text of texts) this.push(Buffer.from(text, 'latin1'));
  }

  /** Answers as QEMU does: the echo, the text, the prompt. */
  answer(line: string, text: string): void {
    this.say(`${quadraticEcho(line)}\r\n${text}(qemu) `);
  }
}

const clients: HmpClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

async function connected(options?: ConstructorParameters<typeof HmpClient>[1]) {
  const monitor = new HandMonitor();
  const client = new HmpClient(monitor, options);
  clients.push(client);
  monitor.say(BANNER);
  await client.waitForPrompt({timeoutMs: 1_000});
  return {monitor, client};
}

describe('a text monitor', () => {
  test('gives its banner, and is ready at the first prompt without one', async () => {
    const monitor = new HandMonitor();
    const client = new HmpClient(monitor);
    clients.push(client);
    monitor.say('(qe', 'mu) ');
    expect(await client.waitForPrompt()).toBe('');
    expect(client.state).toBe('ready');
  });

  test('that says nothing is sent an empty line', async () => {
    const monitor = new HandMonitor();
    const client = new HmpClient(monitor);
    clients.push(client);
    monitor.onLine = () => monitor.say('\r\n(qemu) ');
    await client.waitForPrompt({timeoutMs: 5_000});
    expect(monitor.lines).toEqual(['']);
  });

  test('that never says anything is given up in time', async () => {
    const client = new HmpClient(new HandMonitor());
    clients.push(client);
    await expect(client.waitForPrompt({timeoutMs: 30})).rejects.toMatchObject({code: 'OPERATION_TIMEOUT'});
  });

  test('is sent one command after the other', async () => {
    const {monitor, client} = await connected();
    const answers = [client.execute('info version'), client.execute('info name')];
    await untilLines(monitor, 1);
    expect(monitor.lines).toEqual(['info version']);
    monitor.answer('info version', '0.10.0\r\n');
    await untilLines(monitor, 2);
    monitor.answer('info name', 'rec\r\n');
    expect(await Promise.all(answers)).toEqual(['0.10.0\n', 'rec\n']);
  });

  test('may report something in the middle of an echo, and after its prompt', async () => {
    const {monitor, client} = await connected();
    const report = 'husb: unable to access USB devices\r\n';
    const echo = quadraticEcho('info usbhost');
    monitor.onLine = () =>
      monitor.say(echo.slice(0, 40), report, `${echo.slice(40)}\r\n  Device 1.1\r\n(qemu) ${report}${report}`);
    expect(await client.execute('info usbhost')).toBe('  Device 1.1\n');
    monitor.onLine = line => monitor.answer(line, 'rec\r\n');
    expect(await client.execute('info name')).toBe('rec\n');
  });

  test('may give its prompt in the middle of a row', async () => {
    const {monitor, client} = await connected();
    monitor.onLine = line => monitor.answer(line, "could not find network device 'nosuch'");
    expect(await client.execute('set_link nosuch down')).toBe("could not find network device 'nosuch'\n");
  });

  test('may name a file like its prompt', async () => {
    const {monitor, client} = await connected();
    monitor.onLine = line => monitor.say(`${quadraticEcho(line)}\r\nhda: file=/a(qemu) `, 'b.iso ro=0\r\n(qemu) ');
    expect(await client.execute('info block')).toBe('hda: file=/a(qemu) b.iso ro=0\n');
  });

  test('gives an answer too late for one command and not to the next', async () => {
    const {monitor, client} = await connected();
    await expect(client.execute('info status', {timeoutMs: 20})).rejects.toMatchObject({code: 'OPERATION_TIMEOUT'});
    monitor.onLine = line => {
      monitor.answer('info status', 'VM status: paused\r\n');
      monitor.answer(line, 'VM status: running\r\n');
    };
    expect(await client.execute('info status')).toBe('VM status: running\n');
    monitor.onLine = line => monitor.answer(line, 'VM status: running\r\n');
    expect(await client.execute('info status')).toBe('VM status: running\n');
    expect(monitor.lines).toEqual(['info status', ' info status', 'info status']);
  });

  test('is not kept waiting by a call that was given up', async () => {
    const {client} = await connected();
    const controller = new AbortController();
    const call = client.execute('migrate exec:cat', {signal: controller.signal});
    controller.abort();
    await expect(call).rejects.toMatchObject({code: 'OPERATION_ABORTED'});
  });

  test('that asks for a password gets the one that was given', async () => {
    const {monitor, client} = await connected();
    monitor.onLine = line => {
      if (line === 'secret') monitor.answer('******', '');
      else monitor.say(`${quadraticEcho(line)}\r\nc.qcow2 is encrypted.\r\nPass`, 'word: ');
    };
    expect(await client.execute('change cdrom c.qcow2', {password: 'secret'})).toBe('');
    expect(monitor.lines).toEqual(['change cdrom c.qcow2', 'secret']);
  });

  test('that asks for a password that nobody gave takes commands again', async () => {
    const {monitor, client} = await connected();
    monitor.onLine = line => {
      if (line === '') monitor.say('\r\ninvalid password\r\n(qemu) ');
      else if (line === 'info name') monitor.answer(line, 'rec\r\n');
      else monitor.say(`${quadraticEcho(line)}\r\nc.qcow2 is encrypted.\r\nPassword: `);
    };
    const error = await client.execute('change cdrom c.qcow2').catch((reason: unknown) => reason);
    expect(error).toMatchObject({code: 'OPERATION_INVALID', detail: ['c.qcow2 is encrypted.', 'Password:']});
    expect(await client.execute('info name')).toBe('rec\n');
  });

  test.each([
    {confirm: true, reply: 'y'},
    {confirm: false, reply: 'n'},
  ])('that wants a yes or no gets $reply', async ({confirm, reply}) => {
    const {monitor, client} = await connected();
    monitor.onLine = line => {
      if (line.length === 1) monitor.answer(line, 'as you say\r\n');
      else monitor.say(`${quadraticEcho(line)}\r\nDo you want to overwrite it (y/n)? `);
    };
    const answer = await client.execute('commit all', {confirm});
    expect(answer).toBe('Do you want to overwrite it (y/n)?\nas you say\n');
    expect(monitor.lines).toEqual(['commit all', reply]);
  });

  test('that asks by itself takes no command before it has its answer', async () => {
    const {monitor, client} = await connected();
    monitor.say('hda is encrypted.\nPassword: ');
    await untilTrue(() => client.question !== undefined);
    const error = await client.execute('cont').catch((reason: unknown) => reason);
    expect(error).toMatchObject({code: 'OPERATION_INVALID', detail: ['(qemu) hda is encrypted.', 'Password:']});
    monitor.onLine = () => monitor.say(`${quadraticEcho('****')}\n(qemu) `);
    expect(await client.answerQuestion('1234')).toBe('');
    expect(client.question).toBeUndefined();
  });

  test('that ends in the middle of an answer settles every call', async () => {
    const {monitor, client} = await connected();
    const calls = [client.execute('info block'), client.execute('info name')];
    monitor.onLine = line => {
      monitor.say(`${quadraticEcho(line)}\r\nide0-hd0: type`);
      monitor.push(null);
    };
    const results = await Promise.allSettled(calls);
    expect(results.map(({status}) => status)).toEqual(['rejected', 'rejected']);
    expect(client.state).toBe('closed');
  });

  test('that ends because it was asked to has answered', async () => {
    const {monitor, client} = await connected();
    monitor.onLine = line => {
      monitor.say(`${quadraticEcho(line)}\r\n`);
      monitor.push(null);
    };
    expect(await client.execute('quit', {endsEmulator: true})).toBe('');
  });

  test('may answer much, and not more than that', async () => {
    const {monitor, client} = await connected({maxAnswerBytes: 300_000});
    const row = `${'x'.repeat(99)}\r\n`;
    monitor.onLine = line => monitor.answer(line, row.repeat(line === 'much' ? 2_000 : 4_000));
    expect(await client.execute('much')).toHaveLength(200_000);
    await expect(client.execute('too much')).rejects.toThrow('more than one answer may be');
  });

  test('may write any amount while nobody asks', async () => {
    const {monitor, client} = await connected({maxAnswerBytes: 100_000});
    for (let count = 0; count < 400; count += 1) monitor.say(`${'x'.repeat(999)}\r\n`);
    monitor.onLine = line => monitor.answer(line, 'rec\r\n');
    expect(await client.execute('info name')).toBe('rec\n');
  });

  test.each(['info\tname', 'info name\rquit', 'a\x1b[D', 'x'.repeat(3_000)])('is not sent %j', async line => {
    const {monitor, client} = await connected();
    expect(() => client.execute(line)).toThrow(/cannot send the monitor a command/);
    expect(monitor.lines).toEqual([]);
  });
});

function untilLines(monitor: HandMonitor, count: number): Promise<void> {
  return untilTrue(() => monitor.lines.length >= count);
}

async function untilTrue(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('deadline');
    await new Promise(resolve => setImmediate(resolve));
  }
}
