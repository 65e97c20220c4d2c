import type {EmulatorFlag} from '../../src/model/emulator-flags.ts';
import {modernFolder, readModernCases, type TestMacro} from './modern-manifest.ts';
import {runCase, type Suite} from './suite.ts';
import {compareArgv, smallEmulator, type WordsOf} from './xml2argv-modern.ts';

/** What libvirt writes only for an emulator of which a test says that it can do it, and under which flag. */
const ABILITIES: ReadonlyMap<EmulatorFlag, string | undefined> = new Map([
  ['sandbox', undefined],
  ['action', undefined],
  ['memory-backend', undefined],
  ['smp-dies', 'SMP_DIES'],
  ['cpu-migratable', 'CPU_MIGRATABLE'],
]);

/** The same for an emulator that says little of itself: the flags of each test. */
export const xml2argvMincaps: Suite = {
  name: 'xml2argv-mincaps',
  run: corpus => {
    const folder = modernFolder(corpus);
    if (folder === undefined) return undefined;
    return readModernCases(folder).flatMap(test => {
      const macro = test.argv_test.at(-1);
      if (test.group !== 'mincaps' || test.args === undefined || macro === undefined) return [];
      return [runCase(test.name, () => compareArgv(folder, test, emulatorOfTest(macro, folder), '.args'))];
    });
  },
};

/** The emulator of a test that names its flags. @param folder  that of the modern cases */
export function emulatorOfTest(macro: TestMacro, folder: string): WordsOf {
  const missing = [...ABILITIES].flatMap(([flag, name]) => (macro.args.includes(name ?? '') ? [] : [flag]));
  return smallEmulator(macro, folder, missing);
}
