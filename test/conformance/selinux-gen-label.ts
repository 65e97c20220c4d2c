import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {chooseLevel} from '../../src/security/selinux/category-pair.ts';
import {parseContext, parseRange} from '../../src/security/selinux/context.ts';
import {planLabels} from '../../src/security/selinux/plan-labels.ts';
import {seclabelFolder, testPolicy} from './seclabel-folder.ts';
import {runCase, type Suite} from './suite.ts';

/** A case of `gen-label.json`: whose driver it is, and what its guests' labels have to be. */
interface GenLabelCase {
  readonly daemon_context: string;
  readonly label: ContextParts;
  readonly imagelabel: ContextParts;
  readonly sensMin: number;
  readonly catMin: number;
  readonly catMax: number;
}

interface ContextParts {
  readonly user: string;
  readonly role: string;
  readonly type: string;
}

/** Chance may hit a rule by luck. */
const DRAWS = 500;

/** Labels that are generated: their user, role, type, and the range of their categories. */
export const selinuxGenLabel: Suite = {
  name: 'selinux-gen-label',
  run: corpus => {
    const folder = seclabelFolder(corpus);
    const path = join(folder ?? '', 'gen-label.json');
    if (folder === undefined || !existsSync(path)) return undefined;
    const cases: readonly GenLabelCase[] = JSON.parse(readFileSync(path, 'utf8'));
    return cases.map(test =>
      runCase(test.daemon_context, () => {
        for (let draw = 0; draw < DRAWS; draw++) {
          const failure = drawOnce(folder, test);
          if (failure !== undefined) return failure;
        }
        return undefined;
      }),
    );
  },
};

function drawOnce(folder: string, test: GenLabelCase): string | undefined {
  const own = parseContext(test.daemon_context);
  const range = own && parseRange(own.range);
  if (!own || !range) return 'the context of the driver is not read';
  const level = chooseLevel(
    range,
    () => false,
    below => Math.floor(Math.random() * below),
  );
  const made = planLabels({is: 'dynamic'}, {policy: testPolicy(folder), own, isKvm: true, level});
  return compareContext(test.label, made.label, test) ?? compareContext(test.imagelabel, made.imageLabel, test);
}

function compareContext(
  want: ContextParts,
  label: string,
  {sensMin, catMin, catMax}: GenLabelCase,
): string | undefined {
  const match = /^([^:]+):([^:]+):([^:]+):s(\d+):c(\d+),c(\d+)$/.exec(label);
  const [, user, role, type, ...rest] = match ?? [];
  const [sensitivity = Number.NaN, low = Number.NaN, high = Number.NaN] = rest.map(Number);
  const isWanted = user === want.user && role === want.role && type === want.type && sensitivity === sensMin;
  const isInRange = low >= catMin && low < high && high <= catMax;
  if (isWanted && isInRange) return undefined;
  return `expected ${want.user}:${want.role}:${want.type}:s${sensMin} and two of c${catMin}.c${catMax}, found ${label}`;
}
