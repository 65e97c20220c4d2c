import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {EmulatorRegistry} from '../../../src/driver/emulators/emulator-registry.ts';
import {trialGuestFor} from '../../../src/driver/emulators/kvm/trial-guest.ts';
import {visitKvm} from '../../../src/driver/emulators/kvm/visit-kvm.ts';
import {probeEmulator} from '../../../src/driver/emulators/probe.ts';
import {readKvmStatus} from '../../../src/driver/host-info/read-host-info.ts';
import type {EmulatorCaps} from '../../../src/model/capabilities.ts';
import {domainXml, readDomain} from '../../model/read-domain.ts';
import {withTempRoot} from '../../support/temp-root.ts';
import {writeProgram} from '../fake-emulator.ts';

const SOURCE = join(import.meta.dirname, '../../../src/driver/emulators/kvm/trial-guest.S');

test('the image is what its source assembles to', ({skip}) =>
  withTempRoot(async root => {
    skip(spawnSync('as', ['--version']).error !== undefined, 'there is no assembler');
    skip(!spawnSync('as', ['--help'], {encoding: 'utf8'}).stdout.includes('--32'), 'it is for other processors');
    const [object, code] = [root.join('guest.o'), root.join('guest.bin')];
    expect(spawnSync('as', ['--32', '-o', object, SOURCE], {encoding: 'utf8'}).stderr).toBe('');
    const link = ['-m', 'elf_i386', '-Ttext', '0', '--oformat', 'binary', '-o', code, object];
    expect(spawnSync('ld', link, {encoding: 'utf8'}).stderr).toBe('');
    const assembled = readFileSync(code);
    expect(trialGuestFor('x86_64')?.image.subarray(0, assembled.length)).toEqual(new Uint8Array(assembled));
  }));

async function capsOf(path: string): Promise<EmulatorCaps> {
  const result = await probeEmulator(path);
  if (result.status !== 'ok') throw new Error(result.why);
  return result.caps;
}

test.for([
  ['qemu-system-x86_64', 'x86_64', ['pc', 'q35', 'isapc', 'microvm']],
  ['qemu-system-i386', 'i686', ['pc']],
  ['qemu-system-aarch64', 'aarch64', ['virt']],
] as const)('the guest gets to its end on %s in software', async ([name, arch, boards], {skip}) => {
  const path = `/usr/bin/${name}`;
  skip(!existsSync(path), `there is no ${path}`);
  const guest = trialGuestFor(arch);
  if (guest === undefined) throw new Error(`no guest for ${arch}`);
  const caps = await capsOf(path);
  await withTempRoot(async root => {
    const imagePath = root.join('a,guest.bin');
    await writeFile(imagePath, guest.image);
    for (const board of boards) {
      const visit = await visitKvm({
        path,
        caps,
        guest: {...guest, boards: [board]},
        imagePath,
        accelerator: 'tcg',
        runMs: 10_000,
      });
      expect([board, visit?.status]).toEqual([board, {usable: true, tried: true}]);
    }
  });
});

/** Answers QMP and does with its guest what it is told. */
function fakeScript(afterCont: string, serial: string): string {
  return `echo '{"QMP": {}}'; while read -r line; do case "$line" in
    *'"cont"'*) echo '{"return": {}}'; ${afterCont};;
    *query-cpu-def*) echo '{"return": [{"name": "host", "unavailable-features": []}, {"name": "EPYC", "unavailable-features": ["svm"]}]}';;
    *expansion*true*) echo '{"return": {"model": {"name": "base", "props": {"sse2": true}}}}';;
    *expansion*) echo '{"return": {"model": {"name": "base", "props": {"sse2": true, "invtsc": true}}}}';;
    *ringbuf*) echo '{"return": "${serial}"}';;
    *) echo '{"return": {}}';; esac; done`;
}

const PC: EmulatorCaps = {
  version: '7.2.0',
  arch: 'x86_64',
  flags: new Set(),
  machines: [{name: 'pc', isDefault: true, deprecated: false, maxCpus: 1}],
  cpuModels: [],
  devices: new Set(),
  kvmBuiltIn: true,
};

const SHUTDOWN = `echo '{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}'`;
const STOP = `echo '{"event": "STOP"}'`;

test.each([
  ['gets to its end', SHUTDOWN, 'PTL.', undefined],
  ['does nothing', ':', '', /runs no guest: one that was tried did nothing at all within 0.2 s$/],
  ['hangs', ':', 'P', /got no further than its first instructions within 0.2 s$/],
  [
    'is stopped by an error',
    STOP,
    'P',
    /was stopped by an error of KVM: it got no further than its first instructions$/,
  ],
  ['crashes', SHUTDOWN, 'PT', /crashed: it got no further than its first timer interrupts$/],
  ['takes the emulator with it', 'exit 1', '', /^\/dev\/kvm opens, but .*\/qemu fails while a guest runs with it: /],
])('a guest that %s is told so', (_what, afterCont, serial, why) =>
  withTempRoot(async root => {
    const path = root.join('qemu');
    await writeProgram(path, fakeScript(afterCont, serial));
    const guest = trialGuestFor('x86_64');
    if (guest === undefined) throw new Error('no guest');
    const visit = await visitKvm({path, caps: PC, guest, imagePath: root.join('image'), runMs: 200});
    expect(visit?.status).toEqual(
      why === undefined ? {usable: true, tried: true} : {usable: false, why: expect.stringMatching(why)},
    );
  }),
);

test('processors are asked about in the same run', () =>
  withTempRoot(async root => {
    await writeProgram(root.join('qemu'), fakeScript(SHUTDOWN, 'PT.'));
    const guest = trialGuestFor('x86_64');
    if (guest === undefined) throw new Error('no guest');
    const visit = await visitKvm({path: root.join('qemu'), caps: PC, guest, imagePath: root.join('image')});
    expect(visit?.lacks).toEqual(
      new Map([
        ['host', []],
        ['EPYC', ['svm']],
      ]),
    );
    expect(visit?.hostCpu).toEqual({
      name: 'base',
      properties: new Map([
        ['sse2', {value: true}],
        ['invtsc', {value: true, migratable: false}],
      ]),
    });
  }));

test('an emulator that does not start with KVM is told with its words', () =>
  withTempRoot(async root => {
    await writeProgram(root.join('qemu'), 'echo "qemu: failed to initialize kvm: Device or resource busy" >&2; exit 1');
    const guest = trialGuestFor('x86_64');
    if (guest === undefined) throw new Error('no guest');
    const visit = await visitKvm({path: root.join('qemu'), caps: PC, guest, imagePath: root.join('image')});
    expect(visit?.status).toMatchObject({usable: false, why: expect.stringContaining('Device or resource busy')});
  }));

test('an emulator without a board for it is not visited', async () => {
  const guest = trialGuestFor('x86_64');
  if (guest === undefined) throw new Error('no guest');
  expect(await visitKvm({path: '/nowhere', caps: {...PC, machines: []}, guest, imagePath: '/x'})).toBeUndefined();
  expect(trialGuestFor('sparc64')).toBeUndefined();
});

test('on this very host KVM runs guests, or it is said why not, in a moment', {timeout: 60_000}, async ({skip}) => {
  const path = '/usr/bin/qemu-system-x86_64';
  skip(!existsSync(path), `there is no ${path}`);
  skip(!(await readKvmStatus()).usable, '/dev/kvm does not open');
  await withTempRoot(async root => {
    const registry = new EmulatorRegistry({cacheDir: root.join('cache'), searchDirs: ['/usr/bin']});
    const def = readDomain(domainXml({attributes: "type='kvm'"}));
    const outcome = await registry.forDomain({...def, emulator: path}).then(
      () => 'it runs guests',
      (error: unknown) => String(error),
    );
    registry.dispose();
    expect(outcome).toMatch(/^it runs guests$|cannot run domain 'demo' with KVM: \/dev\/kvm opens, but /);
  });
});
