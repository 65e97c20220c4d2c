import {once} from 'node:events';
import {open} from 'node-pty';
import {expect, test, vi} from 'vitest';
import {consoleHost} from '../../src/host/console-host.ts';
import {spawnDetachedOnPty} from '../../src/host/spawn-emulator.ts';
import {openDescriptors} from '../../src/host/tty-descriptor.ts';

/** How many descriptors of ptys this process has. */
const ptyDescriptors = () => openDescriptors(path => path.startsWith('/dev/pts/') || path.endsWith('ptmx')).length;

test('a console that is closed leaves no descriptor behind', async () => {
  const {master, slave, ptsName} = open({});
  const before = ptyDescriptors();
  const {promise: ended, resolve} = Promise.withResolvers<void>();
  const pty = consoleHost.openPty(ptsName, {onTraffic: () => {}, onEnd: resolve});
  expect(ptyDescriptors()).toBe(before + 1);
  pty.dispose();
  await ended;
  expect(ptyDescriptors()).toBe(before);
  master.destroy();
  slave.destroy();
  await Promise.all([once(master, 'close'), once(slave, 'close')]);
});

test('a child on a pty of its own leaves no descriptor behind, and inherits none', async () => {
  const before = ptyDescriptors();
  const list = ['-c', 'ls -l /proc/self/fd | grep -c pts'];
  const child = await spawnDetachedOnPty({file: '/bin/sh', args: list, env: {PATH: '/bin:/usr/bin'}, cwd: '/'});
  expect(await child.exited).toBe(0);
  await vi.waitFor(() => expect(child.output().trim()).toBe('1')); // its stderr: its stdout is the pipe to grep
  child.dispose();
  await vi.waitFor(() => expect(ptyDescriptors()).toBe(before));
});
