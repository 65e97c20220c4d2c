import {chmod, mkdir, symlink, writeFile} from 'node:fs/promises';
import {machine} from 'node:os';
import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {buildCapabilities} from '../../src/driver/emulators/capabilities.ts';
import {EmulatorRegistry, type EmulatorRegistryOptions} from '../../src/driver/emulators/emulator-registry.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {SAMPLE_HOST} from '../support/samples.ts';
import {type TempRoot, withTempRoot} from '../support/temp-root.ts';
import {startsOf, writeFakeEmulator, writeProgram} from './fake-emulator.ts';

/** A registry over `bin` in the root; it is disposed when the test ends. */
function withRegistry(
  use: (root: TempRoot, open: (options?: Partial<EmulatorRegistryOptions>) => EmulatorRegistry) => Promise<void>,
): Promise<void> {
  return withTempRoot(async root => {
    const opened: EmulatorRegistry[] = [];
    await mkdir(root.join('bin'));
    try {
      await use(root, options => {
        const registry = new EmulatorRegistry({
          cacheDir: root.join('cache'),
          searchDirs: [root.join('bin')],
          ...options,
        });
        opened.push(registry);
        return registry;
      });
    } finally {
      for (const registry of opened) registry.dispose();
    }
  });
}

function domain(arch: string, fields: Partial<DomainDef> = {}): DomainDef {
  const def = readDomain(domainXml());
  return {...def, os: {...def.os, arch}, ...fields};
}

async function refusal(promise: Promise<unknown>): Promise<VirtError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VirtError)) throw new Error(`refused with a VirtError expected, got ${String(error)}`);
  return error;
}

test('tells every change, from probing to the answers', () =>
  withRegistry(async (root, open) => {
    await writeFakeEmulator(root.join('bin', 'qemu-system-x86_64'));
    await writeProgram(root.join('bin', 'qemu-system-ppc'), 'exit 1');
    await writeFile(root.join('bin', 'qemu-system-arm'), '');
    const registry = open();
    expect(registry.known()).toEqual([]);
    const seen: string[] = [];
    registry.onChanged(known => seen.push(known.map(info => info.status).join(' ')));
    await registry.refresh();
    expect(seen[0]).toBe('failed probing probing');
    expect(seen.at(-1)).toBe('failed failed ok');
    expect(buildCapabilities(registry, SAMPLE_HOST)).toMatchObject({
      searched: [root.join('bin')],
      emulators: [
        {path: root.join('bin', 'qemu-system-arm'), why: expect.stringContaining('may not be executed')},
        {path: root.join('bin', 'qemu-system-ppc'), why: expect.stringContaining('exited with status 1')},
        {path: root.join('bin', 'qemu-system-x86_64'), caps: {version: '6.1.2'}},
      ],
    });
  }));

test('asks an emulator once, until its file changes; a failed one again', () =>
  withRegistry(async (root, open) => {
    const path = root.join('bin', 'qemu-system-x86_64');
    await writeFakeEmulator(path);
    const registry = open();
    await registry.refresh();
    await registry.refresh();
    await open().refresh();
    expect(await startsOf(path)).toBe(1);
    await writeFakeEmulator(path, {kvm: true, options: {action: []}});
    expect((await registry.forDomain(domain('x86_64'))).caps.kvmBuiltIn).toBe(true);
    expect(await startsOf(path)).toBe(2);
  }));

test('waits for the emulator of the domain only', () =>
  withRegistry(async (root, open) => {
    await writeFakeEmulator(root.join('bin', 'qemu-system-ppc'), {arch: 'ppc'});
    await writeProgram(root.join('bin', 'qemu-system-arm'), 'exec sleep 60');
    const registry = open();
    expect((await registry.forDomain(domain('ppc'))).path).toBe(root.join('bin', 'qemu-system-ppc'));
    expect(registry.known().map(info => info.status)).toEqual(['probing', 'ok']);
  }));

test('takes another emulator that runs the architecture when the usual one is broken', () =>
  withRegistry(async (root, open) => {
    await writeProgram(root.join('bin', 'qemu-system-i386'), 'exit 1');
    await writeFakeEmulator(root.join('bin', 'qemu-system-x86_64'));
    expect((await open().forDomain(domain('i686'))).path).toBe(root.join('bin', 'qemu-system-x86_64'));
  }));

test('an emulator that the domain names is used under that name', () =>
  withRegistry(async (root, open) => {
    await writeFakeEmulator(root.join('bin', 'qemu-system-x86_64'));
    await symlink(root.join('bin', 'qemu-system-x86_64'), root.join('mine'));
    const registry = open();
    const chosen = await registry.forDomain(domain('x86_64', {emulator: root.join('mine')}));
    expect(chosen.path).toBe(root.join('mine'));
    await registry.refresh();
    expect((await startsOf(root.join('bin', 'qemu-system-x86_64'))) + (await startsOf(root.join('mine')))).toBeLessThan(
      3,
    );
  }));

test.each([
  ['is not there', async () => {}, 'there is no such file'],
  ['is not executable', (path: string) => writeFile(path, ''), 'it may not be executed by this user'],
  ['does not start', (path: string) => writeProgram(path, 'exit 9'), 'it exited with status 9'],
  ['is for another guest', (path: string) => writeFakeEmulator(path, {arch: 'arm'}), 'it emulates armv7l'],
])('refuses an emulator that %s', (_what, make, why) =>
  withRegistry(async (root, open) => {
    const emulator = root.join('mine');
    await make(emulator);
    const error = await refusal(open().forDomain(domain('x86_64', {emulator})));
    expect(error.code).toBe('CONFIG_UNSUPPORTED');
    expect(error.message).toContain(`cannot use the emulator '${emulator}' of domain 'demo': ${why}`);
  }),
);

test('without any emulator it names every path looked at and what to install', () =>
  withRegistry(async (root, open) => {
    await writeFakeEmulator(root.join('bin', 'qemu-system-x86_64'));
    await writeProgram(root.join('bin', 'qemu-kvm'), 'exit 4');
    const error = await refusal(open().forDomain(domain('mips')));
    expect(error.message).toBe("cannot find an emulator for domain 'demo': nothing here emulates mips");
    expect(error.detail).toEqual(
      expect.arrayContaining([
        `${root.join('bin', 'qemu-system-mips')}: not there`,
        `${root.join('bin', 'qemu-system-x86_64')}: emulates x86_64`,
        `${root.join('bin', 'qemu-kvm')}: it exited with status 4 before it had answered`,
      ]),
    );
    expect(error.hint).toMatch(/install/);
  }));

test('refuses a domain of type kvm with the reason', () =>
  withRegistry(async (root, open) => {
    await writeFakeEmulator(root.join('bin', 'qemu-system-x86_64'), {kvm: true});
    await writeFakeEmulator(root.join('bin', 'qemu-system-ppc'), {arch: 'ppc'});
    const why = '/dev/kvm does not exist';
    const registry = open({readKvm: async () => ({usable: false, why})});
    const x86 = await refusal(registry.forDomain(domain('x86_64', {type: 'kvm'})));
    expect(x86.message).toBe(`cannot run domain 'demo' with KVM: ${why}`);
    const ppc = await refusal(registry.forDomain(domain('ppc', {type: 'kvm'})));
    expect(ppc.message).toContain('is built without KVM');
    const usable = open({readKvm: async () => ({usable: true})});
    expect((await usable.forDomain(domain('x86_64', {type: 'kvm'}))).caps.kvmBuiltIn).toBe(true);
  }));

/** An emulator with KVM whose guests write something, or hang. */
function writeKvmEmulator(path: string, serial?: string): Promise<void> {
  return writeFakeEmulator(path, {
    kvm: true,
    options: {chardev: ['logfile']},
    ...(serial === undefined ? {} : {serial}),
  });
}

/** These tests run a guest of the host's own kind. */
const isPc = machine() === 'x86_64';

test.skipIf(!isPc)('says that KVM runs nothing where no guest gets on, also at the start of a domain', () =>
  withRegistry(async (root, open) => {
    const path = root.join('bin', 'qemu-system-x86_64');
    await writeKvmEmulator(path);
    const registry = open({readKvm: async () => ({usable: true})});
    expect(registry.kvm).toBeUndefined();
    await registry.refresh();
    expect(registry.kvm).toMatchObject({
      why: expect.stringContaining('it runs no guest: one that was tried did nothing'),
    });
    const error = await refusal(registry.forDomain(domain('x86_64', {type: 'kvm'})));
    expect(error.message).toContain("cannot run domain 'demo' with KVM: /dev/kvm opens, but it runs no guest");
    expect(error.hint).toContain("<domain type='qemu'>");
    expect((await registry.forDomain(domain('x86_64'))).path).toBe(path);
  }),
);

test.skipIf(!isPc)('tries KVM once for each start of the host, a failure again when somebody needs it', () =>
  withRegistry(async (root, open) => {
    const path = root.join('bin', 'qemu-system-x86_64');
    const readKvm = async () => ({usable: true}) as const;
    await writeKvmEmulator(path);
    await open({readKvm}).refresh();
    expect(await startsOf(path)).toBe(2);
    await open({readKvm}).refresh();
    expect(await startsOf(path)).toBe(2);
    await refusal(open({readKvm}).forDomain(domain('x86_64', {type: 'kvm'})));
    expect(await startsOf(path)).toBe(3);
    await writeKvmEmulator(path, 'PTL.');
    const mended = open({readKvm});
    await mended.refresh();
    expect(mended.kvm).toEqual({usable: true, tried: true});
    await open({readKvm}).forDomain(domain('x86_64', {type: 'kvm'}));
    expect(await startsOf(path)).toBe(5);
  }),
);

test('a device that does not open is told without a trial', () =>
  withRegistry(async (root, open) => {
    const path = root.join('bin', 'qemu-system-x86_64');
    await writeKvmEmulator(path, 'PTL.');
    const registry = open({readKvm: async () => ({usable: false, why: '/dev/kvm does not exist'})});
    await registry.refresh();
    expect(registry.kvm).toEqual({usable: false, why: '/dev/kvm does not exist'});
    expect(await startsOf(path)).toBe(1);
  }));

test('probes everything anew when asked to, and keeps since when it is known', () =>
  withRegistry(async (root, open) => {
    const path = root.join('bin', 'qemu-system-x86_64');
    await writeFakeEmulator(path);
    await open({now: () => 1000}).refresh();
    const [info] = await open({now: () => 2000}).refresh({anew: true});
    expect(info).toMatchObject({learnt: {sinceMs: 1000}});
    expect(await startsOf(path)).toBe(2);
  }));

test('what is being asked already is not asked twice', () =>
  withRegistry(async (root, open) => {
    const path = root.join('bin', 'qemu-system-x86_64');
    await writeFakeEmulator(path);
    const registry = open();
    await Promise.all([registry.refresh(), registry.refresh({anew: true})]);
    expect(await startsOf(path)).toBe(1);
  }));

test('a program of the same file is asked again when what it loads has changed', () =>
  withRegistry(async (root, open) => {
    await mkdir(root.join('libexec'));
    const path = root.join('bin', 'qemu-system-i386');
    await writeFakeEmulator(path, {arch: 'i386'});
    await open().refresh();
    await writeFile(root.join('libexec', 'qemu-system-i386'), 'a new version behind the script');
    await open().refresh();
    expect(await startsOf(path)).toBe(2);
  }));

test('what the first directories have comes first', () =>
  withRegistry(async (root, open) => {
    await mkdir(root.join('a'));
    for (const dir of ['a', 'bin']) await writeFakeEmulator(root.join(dir, 'qemu-system-x86_64'));
    const registry = open({searchDirs: [root.join('bin'), root.join('a')]});
    expect((await registry.forDomain(domain('x86_64'))).path).toBe(root.join('bin', 'qemu-system-x86_64'));
    expect(registry.known().map(({path}) => path)).toEqual([
      root.join('bin', 'qemu-system-x86_64'),
      root.join('a', 'qemu-system-x86_64'),
    ]);
  }));

test('a program that did not answer in time is not waited for again, but for the domain that names it', () =>
  withRegistry(async (root, open) => {
    const path = root.join('bin', 'qemu-system-arm');
    await writeProgram(path, `echo start >>'${path}.starts'; exec sleep 60`);
    const options = {probeTimeoutMs: 1000, now: () => 1_000_000};
    const failed = {path, status: 'failed', why: 'it did not answer within 1 s', timedOut: true};
    expect(await open(options).refresh()).toContainEqual(failed);
    expect(await open(options).refresh()).toContainEqual(failed);
    expect(await startsOf(path)).toBe(1);
    await refusal(open(options).forDomain(domain('armv7l', {emulator: path})));
    expect(await startsOf(path)).toBe(2);
    await open(options).refresh({anew: true});
    await open({...options, now: () => 5_000_000}).refresh();
    expect(await startsOf(path)).toBe(4);
  }));

test('a cache that cannot be written is a warning, not a failure', () =>
  withRegistry(async (root, open) => {
    await writeFakeEmulator(root.join('bin', 'qemu-system-x86_64'));
    await writeFile(root.join('cache'), 'a file where the directory should be');
    await chmod(root.join('cache'), 0o600);
    const warnings: string[] = [];
    const registry = open({onWarning: message => warnings.push(message)});
    expect(await registry.refresh()).toMatchObject([{status: 'ok'}]);
    expect(warnings).toEqual(expect.arrayContaining([expect.stringContaining('the capability cache is not used')]));
  }));

test('waiting can be given up', () =>
  withRegistry(async (root, open) => {
    await writeProgram(root.join('bin', 'qemu-system-arm'), 'exec sleep 60');
    const error = await refusal(open().refresh({signal: AbortSignal.timeout(50)}));
    expect(error.code).toBe('OPERATION_ABORTED');
  }));
