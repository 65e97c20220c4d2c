import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {flagsAskedBy} from '../../src/driver/emulators/flags.ts';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {readProcess} from '../../src/host/proc.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {writeFakeEmulator, writeProgram} from './fake-emulator.ts';

test('makes capabilities of what an emulator answers', () =>
  withTempRoot(async root => {
    const options = {chardev: ['logfile'], msg: ['timestamp'], sandbox: ['enable']};
    await writeFakeEmulator(root.join('qemu'), {arch: 'i386', options, kvm: true});
    expect(await probeEmulator(root.join('qemu'))).toEqual({
      path: root.join('qemu'),
      status: 'ok',
      caps: {
        version: '6.1.2',
        arch: 'i686',
        flags: new Set([
          ...['qmp', 'tcg', 'no-reboot', 'blockdev', 'chardev-logfile', 'msg-timestamp'],
          ...['rng-random', 'rng-egd'],
        ]),
        machines: [
          {name: 'pc', aliasOf: 'pc-6.1', isDefault: true, deprecated: false, maxCpus: 255, plugsCpus: true},
          {name: 'pc-6.1', isDefault: true, deprecated: false, maxCpus: 255, plugsCpus: true},
        ],
        cpuModels: [
          {name: '486', deprecated: false, lacks: {}},
          {name: 'phenom', deprecated: false, lacks: {tcg: ['fxsr-opt', '3dnow']}},
          {name: 'qemu64', aliasOf: 'qemu64-v1', deprecated: true, lacks: {tcg: []}},
        ],
        devices: new Set(['ide-hd']),
        deviceBuses: new Map([['ide-hd', 'ide']]),
        kvmBuiltIn: true,
      },
    });
  }));

test.each([
  [
    'exits with words',
    'echo first >&2; echo "qemu: no such option" >&2; exit 3',
    'exited with status 3',
    'no such option',
  ],
  ['is killed', 'kill -SEGV $$', 'it was killed by SIGSEGV', ''],
  ['exits after the greeting', `echo '{"QMP": {}}'; exit 0`, 'it exited with status 0 before it had answered', ''],
  ['prints what is not QMP', 'echo garbage; exec sleep 60', 'not QMP', ''],
  ['answers what cannot be read', `echo '{"QMP": {}}'; while read -r l; do echo '{"return": 1}'; done`, 'query-', ''],
])('a program that %s is a failed probe with a reason', (_what, script, why, words) =>
  withTempRoot(async root => {
    await writeProgram(root.join('qemu'), script);
    const result = await probeEmulator(root.join('qemu'), {timeoutMs: 5000});
    expect(result).toEqual({path: root.join('qemu'), status: 'failed', why: expect.stringContaining(why)});
    expect(result).toMatchObject({why: expect.stringContaining(words)});
  }),
);

test('a program that hangs is ended at the time limit, with what it has started', () =>
  withTempRoot(async root => {
    await writeProgram(root.join('qemu'), `sleep 60 & echo $! >'${root.join('pid')}'; wait`);
    const result = await probeEmulator(root.join('qemu'), {timeoutMs: 3000});
    expect(result).toMatchObject({status: 'failed', why: 'it did not answer within 3 s'});
    const pid = Number(await readFile(root.join('pid'), 'utf8'));
    await expect.poll(() => readProcess(pid)?.state ?? 'gone').toMatch(/gone|Z/);
  }));

test('a probe that is given up ends at once', () =>
  withTempRoot(async root => {
    await writeProgram(root.join('qemu'), 'exec sleep 60');
    const result = await probeEmulator(root.join('qemu'), {signal: AbortSignal.abort()});
    expect(result).toMatchObject({status: 'failed', why: 'the probe was given up'});
  }));

test('a file that cannot be executed, or is not there, is a failed probe', () =>
  withTempRoot(async root => {
    await writeFile(root.join('text'), 'x');
    expect(await probeEmulator(root.join('text'))).toMatchObject({status: 'failed'});
    expect(await probeEmulator(root.join('nothing'))).toMatchObject({status: 'failed'});
  }));

const QMP_FLAGS = flagsAskedBy('qmp');

/** Of the boards and processors of a PC. */
const PC_FLAGS: readonly string[] = ['machine-acpi', 'machine-pcspk-audiodev', 'machine-hpet', 'cpu-migratable'];

/** Without sandbox, screens and most else, for one board. */
const MICROVM_LACKS = /^(?:tcg|sandbox|machine-pcspk-audiodev|display-.*|chardev-spicevmc|spice|tpm-.*)$/;

test.for([
  ['x86_64', QMP_FLAGS],
  ['ppc', QMP_FLAGS.filter(flag => !PC_FLAGS.includes(flag))],
  ['sparc', QMP_FLAGS.filter(flag => !PC_FLAGS.includes(flag))],
  ['x86_64-microvm', QMP_FLAGS.filter(flag => !MICROVM_LACKS.test(flag))],
] as const)('asks the real qemu-system-%s', async ([name, flags], {skip}) => {
  const path = `/usr/bin/qemu-system-${name}`;
  skip(!existsSync(path), `there is no ${path}`);
  const result = await probeEmulator(path);
  expect(result).toMatchObject({status: 'ok', caps: {arch: name.replace('-microvm', ''), version: /^\d+\.\d+\.\d+$/}});
  if (result.status === 'ok') expect([...result.caps.flags]).toEqual(expect.arrayContaining([...flags]));
});
