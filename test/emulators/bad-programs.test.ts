import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmod, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {machine} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {EmulatorRegistry} from '../../src/driver/emulators/emulator-registry.ts';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {writeFakeEmulator, writeProgram} from './fake-emulator.ts';

/** The start of a program of another machine: big-endian MIPS or, on such a host, x86-64. */
function foreignProgram(): Buffer {
  const isLittle = machine() === 'mips';
  const head = Buffer.alloc(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 1, isLittle ? 1 : 2, 1]);
  if (isLittle) head.writeUInt16LE(62, 18);
  else head.writeUInt16BE(8, 18);
  return head;
}

test.each([
  ['of another architecture', foreignProgram(), /^it is built for mips, and this host is /],
  ['that is text without an interpreter', Buffer.from('echo >/tmp/never\n'), /^it is neither a program nor a script$/],
  ['that is empty', Buffer.alloc(0), /^it is empty$/],
  ['that is cut off', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), /^it is neither a program nor a script$/],
  ['whose interpreter is missing', Buffer.from('#!/nowhere/sh\n'), /^it cannot be started \(/],
])('a file %s is not run', (_what, contents, why) =>
  withTempRoot(async root => {
    const path = root.join('qemu');
    await writeFile(path, contents);
    await chmod(path, 0o755);
    expect(await probeEmulator(path)).toEqual({path, status: 'failed', why: expect.stringMatching(why)});
  }),
);

test.each([
  ['one line without an end', "head -c 20000000 /dev/zero | tr '\\0' x; exec sleep 60"],
  ['lines', 'yes garbage | head -c 20000000; exec sleep 60'],
  ['bytes', 'head -c 20000000 /dev/urandom; exec sleep 60'],
  ['what it should say on the other stream', 'yes garbage | head -c 20000000 >&2; exit 7'],
])('megabytes of %s are a failed probe', (_what, script) =>
  withTempRoot(async root => {
    await writeProgram(root.join('qemu'), script);
    const result = await probeEmulator(root.join('qemu'), {timeoutMs: 20_000});
    expect(result.status).toBe('failed');
    expect(result.status === 'failed' && result.why.length).toBeLessThan(300);
  }),
);

test('what else lies about costs nothing but a line', () =>
  withTempRoot(async root => {
    await writeFakeEmulator(root.join('qemu-system-ppc'), {arch: 'ppc'});
    await mkdir(root.join('qemu-system-a'));
    await symlink('nowhere', root.join('qemu-system-b'));
    await symlink('qemu-system-c', root.join('qemu-system-c'));
    await writeFile(root.join('qemu-system-d'), '#!/bin/sh\n');
    await writeProgram(root.join('qemu-system-e'), 'sleep 60');
    const registry = new EmulatorRegistry({
      cacheDir: root.join('cache'),
      searchDirs: [root.path],
      probeTimeoutMs: 1500,
    });
    try {
      const known = await registry.refresh();
      const told = known.map(info => `${info.path} ${info.status === 'failed' ? info.why : info.status}`);
      expect(told.map(line => line.replaceAll(`${root.path}/`, ''))).toEqual([
        'qemu-system-a qemu-system-a is a directory',
        'qemu-system-b qemu-system-b leads to what is not there',
        'qemu-system-c qemu-system-c leads to itself',
        'qemu-system-d qemu-system-d may not be executed by this user',
        'qemu-system-e it did not answer within 1.5 s',
        'qemu-system-ppc ok',
      ]);
    } finally {
      registry.dispose();
    }
  }));

/** The processes that have a path in their command line. */
async function processesOf(path: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(pid =>
      readFile(`/proc/${pid}/cmdline`, 'utf8').then(
        text => text.replaceAll('\0', ' '),
        () => '',
      ),
    ),
  );
  return lines.filter(line => line.includes(path));
}

test('no process outlives a probe whose own program is killed in any moment of it', {timeout: 60_000}, () =>
  withTempRoot(async root => {
    const emulator = root.join('qemu');
    await writeProgram(emulator, `sleep 300 & exec sleep 300`);
    const probe = join(import.meta.dirname, '../../src/driver/emulators/probe.ts');
    const script = `import {probeEmulator} from ${JSON.stringify(probe)};
      process.stdout.write('ready');
      for (let index = 0; index < 6; index++) void probeEmulator(${JSON.stringify(emulator)});`;
    for (let delayMs = 0; delayMs < 16; delayMs++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      const until = performance.now() + delayMs;
      while (performance.now() < until) await new Promise(setImmediate);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await expect.poll(() => processesOf(emulator), {timeout: 20_000}).toEqual([]);
  }),
);
