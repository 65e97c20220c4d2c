import {mkdir, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {readGuestSnapshot, type SnapshotPlace} from '../../src/driver/emulators/guest-snapshot.ts';
import {keepGuests} from '../../src/driver/emulators/keep-guests.ts';
import {searchDirs} from '../../src/driver/emulators/search-dirs.ts';
import type {EmulatorInfo} from '../../src/model/capabilities.ts';
import {PPC_CAPS, X86_CAPS} from '../argv/sample-caps.ts';
import {SAMPLE_HOST} from '../support/samples.ts';
import {type TempRoot, withTempRoot} from '../support/temp-root.ts';
import {writeProgram} from './fake-emulator.ts';

const X86: EmulatorInfo = {path: '/x/qemu-system-x86_64', status: 'ok', caps: X86_CAPS};
const PPC: EmulatorInfo = {path: '/x/qemu-system-ppc', status: 'ok', caps: PPC_CAPS};
const BROKEN: EmulatorInfo = {path: '/x/qemu-system-arm', status: 'failed', why: 'it crashes'};

interface Host {
  readonly root: TempRoot;
  readonly place: SnapshotPlace;
  /** Keeps what a registry knows that has found these; `meanwhile` happens while it looks the second time. */
  keep(emulators: readonly EmulatorInfo[], meanwhile?: () => Promise<void>): Promise<void>;
  /** What is known of guests without asking anybody. */
  kept(): Promise<string | undefined>;
}

/** A host with a configured directory, whose configuration was read when its emulators were found. */
function withHost(use: (host: Host) => Promise<void>): Promise<void> {
  return withTempRoot(async root => {
    await mkdir(root.join('bin'));
    await writeFile(root.join('qemu.conf'), `emulator_directories = ["${root.join('bin')}"]\n`);
    await writeFile(root.join('virtty'), 'this build');
    const place = {cacheDir: root.join('cache'), configuration: root.join('qemu.conf'), program: root.join('virtty')};
    const searched = await searchDirs(place.configuration, () => {});
    await use({
      root,
      place,
      keep: (emulators, meanwhile) => {
        const refresh = async () => {
          await meanwhile?.();
          return emulators;
        };
        const build = async () => ({host: SAMPLE_HOST, emulators, searched});
        return keepGuests({searched, known: () => emulators, refresh}, place, build);
      },
      kept: async () => (await readGuestSnapshot(place))?.guestsXml,
    });
  });
}

test('guests are kept once all emulators are known, and not looked at again before something is new', () =>
  withHost(async ({root, keep, kept}) => {
    await keep([X86]);
    expect(await kept()).toContain(`<emulator>${X86.path}</emulator>`);
    await keep([X86], () => expect.unreachable('nothing is new'));
    await writeProgram(root.join('bin/qemu-system-ppc'), 'exit 0');
    expect(await kept()).toBeUndefined();
    await keep([X86, PPC]);
    expect(await kept()).toContain(`<emulator>${PPC.path}</emulator>`);
  }));

test('nothing is kept while an emulator fails', () =>
  withHost(async ({keep, kept}) => {
    await keep([X86, BROKEN]);
    expect(await kept()).toBeUndefined();
  }));

test.each<readonly [string, (host: Host) => Promise<void>]>([
  ['an emulator is added', ({root}) => writeProgram(root.join('bin/qemu-system-ppc'), 'exit 0')],
  ['the configuration is written', ({root}) => writeFile(root.join('qemu.conf'), '')],
  ['an emulator is asked again', ({root}) => writeFile(root.join('cache/answer.json'), '{}')],
])('nothing is kept when meanwhile %s', (_, change) =>
  withHost(async host => {
    await host.keep([X86], () => change(host));
    expect(await host.kept()).toBeUndefined();
  }),
);

test('guests of other directories than those configured by now are not kept', () =>
  withHost(async ({root, keep, kept}) => {
    await writeFile(root.join('qemu.conf'), `emulator_directories = ["${root.join('elsewhere')}"]\n`);
    await keep([X86]);
    expect(await kept()).toBeUndefined();
  }));

test('what a probe that was asked for has found takes the place of what is kept', () =>
  withHost(async ({root, keep, kept}) => {
    await keep([X86]);
    await writeFile(root.join('cache/answer.json'), '{}');
    await keep([PPC]);
    expect(await kept()).toContain(`<emulator>${PPC.path}</emulator>`);
    expect(await kept()).not.toContain(`<emulator>${X86.path}</emulator>`);
  }));

test('a cache that cannot be written is an error', () =>
  withHost(async ({keep, place}) => {
    await writeFile(place.cacheDir, 'a file');
    await expect(keep([X86])).rejects.toThrow('cannot');
  }));
