import {chmod, mkdir, readdir, rm, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {main} from '../../src/cli/quick.ts';
import {
  keepGuestSnapshot,
  lookAtGuests,
  prepareGuestSnapshot,
  readGuestSnapshot,
  type SnapshotPlace,
} from '../../src/driver/emulators/guest-snapshot.ts';
import {type TempRoot, withTempRoot} from '../support/temp-root.ts';
import {writeProgram} from './fake-emulator.ts';

const SNAPSHOT = {kvm: {usable: false, why: 'no'}, guestsXml: '<guest/>\n'} as const;

/** A place whose configuration names a directory with one emulator. */
function withPlace(use: (root: TempRoot, place: SnapshotPlace) => Promise<void>): Promise<void> {
  return withTempRoot(async root => {
    await mkdir(root.join('bin'));
    await writeProgram(root.join('bin', 'qemu-system-ppc'), 'exit 1');
    await writeFile(root.join('qemu.conf'), `emulator_directories = ["${root.join('bin')}"]\n`);
    await writeFile(root.join('virtty'), 'this build');
    await use(root, {
      cacheDir: root.join('cache'),
      configuration: root.join('qemu.conf'),
      program: root.join('virtty'),
    });
  });
}

async function keep(place: SnapshotPlace): Promise<void> {
  await prepareGuestSnapshot(place);
  await keepGuestSnapshot(place, await lookAtGuests(place), SNAPSHOT);
}

test('what was printed is known until something changes', () =>
  withPlace(async (_root, place) => {
    expect(await readGuestSnapshot(place)).toBeUndefined();
    await keep(place);
    expect(await readGuestSnapshot(place)).toEqual(SNAPSHOT);
  }));

test.each<[string, (root: TempRoot) => Promise<unknown>]>([
  ['an emulator is replaced', root => writeProgram(root.join('bin', 'qemu-system-ppc'), 'exit 0')],
  ['an emulator is new', root => writeProgram(root.join('bin', 'qemu-system-arm'), 'exit 0')],
  ['an emulator is gone', root => rm(root.join('bin', 'qemu-system-ppc'))],
  ['an emulator may not be executed any more', root => chmod(root.join('bin', 'qemu-system-ppc'), 0o600)],
  ['a directory is not configured any more', root => writeFile(root.join('qemu.conf'), '')],
  ['an answer of an emulator is kept anew', root => writeFile(root.join('cache', 'answer.json'), '{}')],
  ['KVM has been tried', root => mkdir(root.join('cache', 'kvm'))],
  ['the program is another build', root => writeFile(root.join('virtty'), 'a later build')],
])('it is not when %s', (_what, change) =>
  withPlace(async (root, place) => {
    await keep(place);
    await change(root);
    expect(await readGuestSnapshot(place)).toBeUndefined();
  }),
);

test('a file that cannot be understood is as if there were none', () =>
  withPlace(async (root, place) => {
    await keep(place);
    const [name = ''] = await readdir(root.join('cache', 'printed'));
    await writeFile(root.join('cache', 'printed', name), '{"stamp": "x"');
    expect(await readGuestSnapshot(place)).toBeUndefined();
  }));

test.each([
  [['list']],
  [['capabilities', '--json']],
  [['-q', 'capabilities']],
  [['-c', 'qemu:///embed', 'capabilities']],
  [['-c', 'nonsense', 'capabilities']],
  [['help', 'capabilities']],
])('the quick program leaves %j to the whole one', async argv => {
  expect(await main(argv)).toBe(false);
});

test('the quick program leaves a host of which nothing was printed to the whole one', () =>
  withTempRoot(async root => {
    expect(await main(['-c', `qemu:///embed?root=${root.path}`, 'capabilities'])).toBe(false);
  }));
