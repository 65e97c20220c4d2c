import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Problem} from '../../src/base/problem.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {completeDomain} from '../../src/model/post-parse/complete-domain.ts';
import {canonicalArgv} from './canonical-argv.ts';
import {firstXmlDifference} from './compare-xml.ts';
import {factsOfTest} from './libvirt-caps.ts';
import {modernFolder, type TestMacro} from './modern-manifest.ts';
import {readDomainFile, seclabelFolder} from './seclabel-folder.ts';
import {type CaseResult, runCase, type Suite} from './suite.ts';
import {conditionsOf} from './test-conditions.ts';
import {emulatorOfTest} from './xml2argv-mincaps.ts';
import {firstCanonicalDifference, splitExpected} from './xml2argv-modern.ts';

/** A case of `domain_xml_tests`. */
interface SeclabelCase {
  readonly name: string;
  readonly argv_test: readonly TestMacro[];
  readonly xml_test: readonly TestMacro[];
}

const NO_FLAGS: TestMacro = {macro: 'DO_TEST_NOCAPS', args: []};

/** libvirt's tests run without a security driver. Source: libvirt 9.0.0, tests/testutilsqemu.c. */
const NO_SECURITY_MODEL = 'none';

/** The number that libvirt's tests give a running domain. */
const RUNNING_ID = 1;

/** Domain XML with labels: what is printed of it, its command line, and why it is refused. */
export const seclabelXml: Suite = {
  name: 'seclabel-xml',
  run: corpus => {
    const [folder, modern] = [seclabelFolder(corpus), modernFolder(corpus)];
    if (folder === undefined || modern === undefined) return undefined;
    const manifest = JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8'));
    const cases: readonly SeclabelCase[] = manifest.domain_xml_tests;
    return cases.flatMap(test => runOne(join(folder, 'domain-xml'), test, modern));
  },
};

function runOne(folder: string, test: SeclabelCase, modern: string): readonly CaseResult[] {
  const source = join(folder, `${test.name}.xml`);
  const files = readdirSync(folder).filter(file => file.startsWith(`${test.name}.`));
  return files.flatMap(file => {
    const read = () => readFileSync(join(folder, file), 'utf8');
    const compareXml = (isLive: boolean) =>
      runCase(`${file} ${isLive ? 'running' : 'defined'}`, () =>
        firstXmlDifference(read(), convert(source, test, isLive)),
      );
    switch (file.slice(test.name.length)) {
      case '.err':
        return [runCase(file, () => compareRefusal(read(), source))];
      case '.args':
        return [runCase(file, () => compareArgs(read(), source, test, modern))];
      case '.out-active.xml':
        return [compareXml(true)];
      case '.out.xml':
      case '.out-inactive.xml':
        return [compareXml(false)];
      default: // the source
        return [];
    }
  });
}

/** @throws {Error} with the first problem of a text that is not read */
function convert(path: string, test: SeclabelCase, isLive: boolean): string {
  const facts = {...factsOfTest(test.xml_test[0] ?? NO_FLAGS, undefined), securityModel: NO_SECURITY_MODEL};
  return formatDomain(completeDomain(readDomainFile(path, isLive), facts), isLive ? {id: RUNNING_ID} : {});
}

function compareArgs(expected: string, path: string, test: SeclabelCase, modern: string): string | undefined {
  const words = emulatorOfTest(test.argv_test[0] ?? NO_FLAGS, modern);
  const got = canonicalArgv(words(readFileSync(path, 'utf8'), conditionsOf(test.name)));
  return firstCanonicalDifference(canonicalArgv(splitExpected(expected)), got);
}

/** What libvirt says, in our words. */
const REFUSALS: ReadonlyMap<string, RegExp> = new Map([
  ['XML error: missing security model when using multiple labels', /more than one .*model/],
  ['seclabel for model selinux is already provided', /second <seclabel> .*'selinux'/],
]);

function compareRefusal(expected: string, path: string): string | undefined {
  const wanted = REFUSALS.get(expected.trim());
  if (!wanted) return `it is not known what '${expected.trim()}' is in our words`;
  const {problems} = parseDomain(readFileSync(path, 'utf8'), {
    newUuid: () => '00000000-0000-4000-8000-000000000000',
    newMac: () => '52:54:00:00:00:00',
    defaultArch: 'x86_64',
  });
  const errors = problems.filter(({severity}: Problem) => severity === 'error').map(({message}) => message);
  if (errors.some(message => wanted.test(message))) return undefined;
  return `expected the error ${wanted}, found ${errors.length === 0 ? 'none' : errors.join('; ')}`;
}
