/**
 * Measures virtty against bare baselines of the same run, interleaved, and prints medians beside their targets.
 *
 * Usage: npm run bench -- [--json] [--quick] [FIGURE...]
 */
import {parseArgs} from 'node:util';
import {cachedCapabilities, coldFirstFrame, coldProbe, coldProbeBesideLibvirt} from './capabilities.ts';
import {consoleEcho} from './console-echo.ts';
import {conversions} from './conversions.ts';
import {within} from './deadline.ts';
import type {FigureGroup} from './figure.ts';
import {floodedPane} from './flooded-pane.ts';
import {historySearch} from './history-search.ts';
import {type Lab, openLab} from './lab.ts';
import {lifeCycle} from './life-cycle.ts';
import {qmpRoundTrip} from './qmp-round-trip.ts';
import {rawCost, rawEcho} from './raw-attach.ts';
import {formatResult, type Result} from './report.ts';
import {screenAtRest} from './screen-at-rest.ts';
import {startUp} from './start-up.ts';

const GROUPS: readonly FigureGroup[] = [
  conversions,
  startUp,
  screenAtRest,
  consoleEcho,
  rawEcho,
  rawCost,
  floodedPane,
  historySearch,
  qmpRoundTrip,
  lifeCycle,
  cachedCapabilities,
  coldFirstFrame,
  coldProbe,
  coldProbeBesideLibvirt,
];

async function measureGroup(group: FigureGroup, lab: Lab): Promise<readonly Result[]> {
  const leftOut = (why: string) => group.figures.map(figure => ({...figure, leftOut: why}));
  const unable = group.unable?.(lab);
  if (unable !== undefined) return leftOut(unable);
  try {
    const readings = await within(GROUP_DEADLINE_MS, 'the end of the measurement', group.measure(lab));
    return group.figures.flatMap((figure, index) => {
      const reading = readings[index];
      return reading === undefined ? [] : [{...figure, reading}];
    });
  } catch (error) {
    process.exitCode = 1; // one figure that cannot be had does not cost the others
    return leftOut(error instanceof Error ? error.message : String(error));
  }
}

/** No figure takes so long; one that does has hung. */
const GROUP_DEADLINE_MS = 5 * 60_000;

const {values, positionals} = parseArgs({
  options: {json: {type: 'boolean', default: false}, quick: {type: 'boolean', default: false}},
  allowPositionals: true,
});
const wanted = (group: FigureGroup) =>
  positionals.length === 0 || group.figures.some(figure => positionals.includes(figure.id));

const lab = await openLab({quick: values.quick});
try {
  const results: Result[] = [];
  for (const group of GROUPS.filter(wanted)) {
    const measured = await measureGroup(group, lab);
    results.push(...measured);
    if (!values.json) for (const result of measured) console.log(formatResult(result));
  }
  if (values.json) console.log(JSON.stringify(results, undefined, 2));
} finally {
  await lab.dispose();
}
process.exit(); // what has hung keeps nothing running
