import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatProblem} from '../../src/base/problem.ts';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {canonicalArgv} from './canonical-argv.ts';
import {type ModernCase, modernFolder, readModernCases} from './modern-manifest.ts';
import {runCase, type Suite} from './suite.ts';
import {conditionsOf} from './test-conditions.ts';
import {firstCanonicalDifference, latestEmulator, splitExpected, type WordsOf} from './xml2argv-modern.ts';

/** A command line of libvirt 9 to domain XML and back to a command line, compared by meaning. */
export const argvRoundTrip: Suite = {
  name: 'argv-round-trip',
  run: corpus => {
    const folder = modernFolder(corpus);
    if (folder === undefined) return undefined;
    const wordsOf = latestEmulator(folder);
    const cases = readModernCases(folder).filter(test => test.group === 'latest');
    return cases.map(test => runCase(test.name, () => compare(folder, test, wordsOf)));
  },
};

function compare(folder: string, {group, name}: ModernCase, wordsOf: WordsOf) {
  const text = readFileSync(join(folder, group, `${name}.x86_64-latest.args`), 'utf8');
  const words = splitExpected(text);
  const emulator = /^\/\S+/m.exec(text)?.[0] ?? '/usr/bin/qemu-system-x86_64';
  const {def, problems} = domainFromWords([emulator, ...words]);
  if (!def) return `it is refused: ${problems.map(formatProblem).join('; ')}`;
  return firstCanonicalDifference(canonicalArgv(words), canonicalArgv(wordsOf(formatDomain(def), conditionsOf(name))));
}
