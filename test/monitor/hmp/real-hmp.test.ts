import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {afterEach, describe, expect, test} from 'vitest';
import {openRawPty} from '../../../src/host/raw-pty.ts';
import {connectHmp, connectUnixSocket} from '../../../src/monitor/connect-monitor.ts';
import {makeTempRoot} from '../../support/temp-root.ts';

const QEMU = '/usr/bin/qemu-system-x86_64';
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** An emulator with nothing but a text monitor. @returns what it has printed once that says `wanted` */
async function start(monitor: string, wanted: RegExp): Promise<string> {
  const args = ['-S', '-machine', 'none', '-display', 'none', '-nodefaults', '-name', 'rec', '-monitor', monitor];
  const child = spawn(QEMU, args, {stdio: ['ignore', 'pipe', 'pipe']});
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const deadline = performance.now() + 10_000;
  while (!wanted.test(text)) {
    if (performance.now() > deadline || child.exitCode !== null) throw new Error(`the emulator said ${text}`);
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'exit')]);
  }
  return text;
}

describe.skipIf(!existsSync(QEMU))('the text monitor of a real emulator (skipped without QEMU)', () => {
  test('answers on a pty, to one client after the other', async () => {
    const printed = await start('pty', /redirected to \/dev\/pts\/\d+/);
    const path = /\/dev\/pts\/\d+/.exec(printed)?.[0] ?? '';
    for (const status of ['prelaunch', 'running']) {
      const client = await connectHmp(openRawPty(path), {timeoutMs: 10_000});
      expect(await client.execute('info status')).toContain(
        `VM status: ${status === 'running' ? 'running' : 'paused'}`,
      );
      expect(await client.execute('info name')).toBe('rec\n');
      expect(await client.execute(`nosuch${'y'.repeat(300)}`)).toContain('unknown command');
      expect((await client.execute('help')).split('\n').length).toBeGreaterThan(80);
      await client.execute('cont');
      client.dispose();
    }
    const client = await connectHmp(openRawPty(path), {timeoutMs: 10_000});
    expect(await client.execute('quit', {endsEmulator: true})).toBe('');
    expect(client.state).toBe('closed');
  });

  test('answers on a socket', async () => {
    const root = await makeTempRoot();
    try {
      const path = root.join('hmp.sock');
      await start(`unix:${path},server=on,wait=off`, /^/);
      const deadline = performance.now() + 10_000;
      while (!existsSync(path) && performance.now() < deadline) await new Promise(resolve => setImmediate(resolve));
      const client = await connectHmp(await connectUnixSocket(path), {timeoutMs: 10_000});
      expect(await client.execute('info name')).toBe('rec\n');
      client.dispose();
    } finally {
      await root.remove();
    }
  });
});
