import {execFileSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {keeperCommand} from '../../src/driver/keeper.ts';
import {checkMemoryLock, planMemoryLock} from '../../src/driver/memory-lock.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';

const read = (more: string, devices = '') => readDomain(domainXml({more, devices}));
const LOCKED = '<memoryBacking><locked/></memoryBacking>';
const PCI = "<hostdev mode='subsystem' type='pci'><source><address bus='1' slot='0' function='0'/></source></hostdev>";

test('locked memory is limited by what the definition allows the guest, else by nothing', () => {
  expect(planMemoryLock(read(LOCKED))).toBe('unlimited');
  expect(planMemoryLock(read(`<memtune><hard_limit unit='MiB'>64</hard_limit></memtune>${LOCKED}`))).toBe(65536n);
  expect(planMemoryLock(read(''))).toBeUndefined();
});

test('a device of the host needs all memory of the guest and some more', () => {
  expect(planMemoryLock(read('', PCI))).toBe(16n * 1024n + 1024n * 1024n);
});

test('what may not be locked is refused with the limit; what may be raised is not', () => {
  const small = {limitKiB: 64n, mayRaise: false};
  expect(() => checkMemoryLock(read(LOCKED), small)).toThrow(
    "cannot lock the 16384 KiB of memory of domain 'demo': this process may lock 64 KiB and may not raise that",
  );
  checkMemoryLock(read(LOCKED), {...small, mayRaise: true});
  checkMemoryLock(read(LOCKED), {limitKiB: 1n << 20n, mayRaise: false});
  checkMemoryLock(read(LOCKED), undefined);
  checkMemoryLock(read(''), small);
});

const CONFINEMENT = {uid: 1, gid: 1, dropCapabilities: false, noNewPrivs: false, seccomp: false};

test('the keeper is told the limit, or nothing', () => {
  const options = {logPath: '/l', exitPath: '/e', emulator: '/q', args: ['-S'], confinement: CONFINEMENT};
  expect(keeperCommand(options).args.slice(2)).toEqual(['virtty-keeper', '/l', '/e', '', '', '/q', '-S']);
  expect(keeperCommand({...options, memoryLock: 'unlimited'}).args[5]).toBe('unlimited');
  expect(keeperCommand({...options, memoryLock: 65536n}).args[5]).toBe('65536');
});

test('the keeper sets the limit of the emulator, and none of the process that starts it', () =>
  withTempRoot(async root => {
    const [logPath, exitPath, seen] = [root.join('log'), root.join('exit'), root.join('seen')];
    const emulator = {emulator: '/bin/sh', args: ['-c', 'ulimit -l >"$0"', seen]};
    const {file, args} = keeperCommand({logPath, exitPath, ...emulator, confinement: CONFINEMENT, memoryLock: 48n});
    const own = await readFile('/proc/self/limits', 'utf8');
    execFileSync(file, args);
    expect(await readFile(seen, 'utf8')).toBe('48\n');
    expect(await readFile('/proc/self/limits', 'utf8')).toBe(own);
  }));
