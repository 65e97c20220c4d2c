import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatProblem} from '../../src/base/problem.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {type CompletionFacts, completeDomain} from '../../src/model/post-parse/complete-domain.ts';
import {firstXmlDifference} from './compare-xml.ts';
import {factsOfTest, readSavedProbe, type SavedProbe} from './libvirt-caps.ts';
import {type ExpectedXml, type ModernCase, modernFolder, readModernCases} from './modern-manifest.ts';
import {type CaseResult, runCase, type Suite} from './suite.ts';
import {conditionsOf} from './test-conditions.ts';

/** The number that libvirt's tests give a running domain. */
const RUNNING_ID = 1;

/** Domain XML that is read, completed for an emulator, and written again. */
export const xml2xml: Suite = {
  name: 'xml2xml',
  run: corpus => {
    const folder = modernFolder(corpus);
    if (folder === undefined) return undefined;
    const latest = readSavedProbe(folder);
    return readModernCases(folder).flatMap(test => runOne(folder, test, latest));
  },
};

function runOne(folder: string, test: ModernCase, latest: SavedProbe | undefined): readonly CaseResult[] {
  const [macro] = test.xml_test;
  if (!macro) return [];
  return test.out.map(expected =>
    runCase(expected.file.replace(/\.xml$/, ''), () => {
      const read = (file: string) => readFileSync(join(folder, test.group, file), 'utf8');
      const actual = convert(
        read(`${test.name}.xml`),
        {...factsOfTest(macro, latest), ...conditionsOf(test.name).facts},
        expected.state,
      );
      return firstXmlDifference(read(expected.file), actual);
    }),
  );
}

/** @throws {Error} with the first problem of a text that is not read */
function convert(xml: string, facts: CompletionFacts, state: ExpectedXml['state']): string {
  const isLive = state === 'active';
  const {def, problems} = parseDomain(xml, {
    newUuid: () => '00000000-0000-4000-8000-000000000000',
    newMac: () => '52:54:00:00:00:00',
    defaultArch: 'x86_64',
    live: isLive,
  });
  const error = problems.find(({severity}) => severity === 'error');
  if (!def) throw new Error(`it is refused: ${error ? formatProblem(error) : 'without a reason'}`);
  return formatDomain(completeDomain(def, facts), isLive ? {id: RUNNING_ID} : {});
}
