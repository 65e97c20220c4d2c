import {chmod, mkdir, symlink, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {findEmulators, isEmulatorName} from '../../src/driver/emulators/find-emulators.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {writeProgram} from './fake-emulator.ts';

test('knows an emulator by its name', () => {
  const names = [
    'qemu',
    'kvm',
    'qemu-kvm',
    'qemu-system-x86_64-microvm',
    'qemu-img',
    'qemu-system-',
    'qemu-ga',
    'xkvm',
  ];
  expect(names.filter(isEmulatorName)).toEqual(['qemu', 'kvm', 'qemu-kvm', 'qemu-system-x86_64-microvm']);
});

test('finds a file once under all its names, and says what cannot be executed', () =>
  withTempRoot(async root => {
    await writeProgram(root.join('qemu-system-x86_64'), 'exit 1');
    await symlink('qemu-system-x86_64', root.join('kvm'));
    await symlink(root.join('kvm'), root.join('qemu'));
    await symlink('nowhere', root.join('qemu-system-arm'));
    await writeFile(root.join('qemu-system-ppc'), '');
    await mkdir(root.join('qemu-system-sparc'));
    await writeProgram(root.join('qemu-img'), 'exit 1');
    const found = await findEmulators([root.path, root.join('not-there')]);
    expect(found.map(emulator => ({...emulator, file: undefined}))).toEqual([
      {path: root.join('qemu-system-arm'), names: [root.join('qemu-system-arm')], why: expect.any(String)},
      {path: root.join('qemu-system-ppc'), names: [root.join('qemu-system-ppc')], why: expect.any(String)},
      {path: root.join('qemu-system-sparc'), names: [root.join('qemu-system-sparc')], why: expect.any(String)},
      {
        path: root.join('qemu-system-x86_64'),
        names: [root.join('kvm'), root.join('qemu'), root.join('qemu-system-x86_64')],
      },
    ]);
    expect(found.flatMap(emulator => ('why' in emulator ? [emulator.why] : []))).toEqual([
      `${root.join('qemu-system-arm')} leads to what is not there`,
      `${root.join('qemu-system-ppc')} may not be executed by this user`,
      `${root.join('qemu-system-sparc')} is a directory`,
    ]);
  }));

test('a link to a file elsewhere keeps the name under which it was found', () =>
  withTempRoot(async root => {
    await mkdir(root.join('bin'));
    await writeProgram(root.join('built'), 'exit 1');
    await symlink(root.join('built'), root.join('bin', 'qemu-system-mips'));
    const [found] = await findEmulators([root.join('bin')]);
    expect(found).toMatchObject({path: root.join('bin', 'qemu-system-mips'), file: {realPath: root.join('built')}});
  }));

test('what a wrapper script runs in libexec is no emulator of its own', () =>
  withTempRoot(async root => {
    for (const dir of ['bin', 'libexec']) {
      await mkdir(root.join(dir));
      await writeProgram(root.join(dir, 'qemu-system-i386'), 'exit 1');
    }
    await writeProgram(root.join('libexec', 'qemu-kvm'), 'exit 1');
    const found = await findEmulators([root.join('bin'), root.join('libexec')]);
    expect(found.map(emulator => emulator.path)).toEqual([
      root.join('bin', 'qemu-system-i386'),
      root.join('libexec', 'qemu-kvm'),
    ]);
  }));

test('a directory that may not be listed still gives the known names', () =>
  withTempRoot(async root => {
    await mkdir(root.join('bin'));
    await writeProgram(root.join('bin', 'qemu-system-mips'), 'exit 1');
    await chmod(root.join('bin'), 0o311);
    const found = await findEmulators([root.join('bin')]);
    expect(found.map(emulator => emulator.path)).toEqual([root.join('bin', 'qemu-system-mips')]);
  }));
