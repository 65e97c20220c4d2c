import {sanitiseLines, sanitiseUntrusted} from '../base/sanitise.ts';
import type {AccessFinding, AccessReport, Remedy, RemedyResult} from '../model/access-report.ts';
import type {DocumentLine, DocumentPage, RemedyList} from './document.ts';

const VERDICT_COLUMNS = 8;
const INDENT = ' '.repeat(VERDICT_COLUMNS + 3);

/** What a guest's process can reach and what not, why, and what would help: safe lines for the command line and the screen. */
export function accessLines(report: AccessReport): readonly DocumentLine[] {
  const lines: readonly DocumentLine[] = [
    {is: 'heading', text: `Domain '${report.domain}' opens files as ${actorWords(report)}`},
    ...report.findings.flatMap(findingLines),
    ...report.notes.map(note => ({is: 'note' as const, text: `note: ${note}`})),
  ];
  return lines.map(line => ({...line, text: sanitiseUntrusted(line.text)}));
}

/** What was run before an explanation, and what takes back what was run. */
export interface AccessHistory {
  readonly last?: RemedyResult;
  readonly undos: readonly Remedy[];
}

/** The pages of an explanation, and what can be run from them. */
export interface AccessPages {
  readonly pages: readonly DocumentPage[];
  readonly remedies?: RemedyList;
}

/**
 * The report, and the commands that would help on a page of their own, so that they can be copied as they are.
 *
 * @param before  pages that come first
 */
export function accessPages(
  report: AccessReport,
  {last, undos}: AccessHistory = {undos: []},
  before: readonly DocumentPage[] = [],
): AccessPages {
  const advised = new Map(report.findings.flatMap(({remedies}) => remedies).map(one => [one.command, one]));
  const items = [...advised.values(), ...undos];
  const lines = items.map(({command}) => ({is: 'same' as const, text: sanitiseUntrusted(command)}));
  const pages = [...before, {name: 'access', lines: [...(last ? resultLines(last) : []), ...accessLines(report)]}];
  if (items.length === 0) return {pages};
  return {
    pages: [...pages, {name: 'what would help', lines}],
    remedies: {domain: report.domain, page: pages.length, items, chosen: 0},
  };
}

function resultLines({command, output, failure}: RemedyResult): readonly DocumentLine[] {
  const printed = output.trimEnd() === '' ? [] : sanitiseLines(output.trimEnd());
  const done = failure === undefined ? 'was run' : `failed: ${failure}`;
  return [
    {is: failure === undefined ? 'added' : 'error', text: sanitiseUntrusted(`${command}: ${done}`)},
    ...printed.map(text => ({is: 'note' as const, text: `  ${text}`})),
    {is: 'heading', text: ''},
  ];
}

/** The first file that a guest's process does not reach, as the end of a sentence; undefined where it reaches all. */
export function accessTrouble({findings}: AccessReport): string | undefined {
  const found = findings.find(({verdict}) => verdict === 'refused' || verdict === 'missing');
  if (!found) return undefined;
  return `${found.device ?? found.role}: ${found.path} is ${found.verdict}`;
}

function actorWords({actor}: AccessReport): string {
  const who = `${actor.user}:${actor.group} (${actor.uid}:${actor.gid})`;
  return actor.powerlessRoot ? `${who}, without capabilities: as root it opens root's files only` : who;
}

const LINE_OF_VERDICT = {ok: 'same', unknown: 'warning', refused: 'error', missing: 'error'} as const;

function findingLines({verdict, role, device, path, access, why, remedies}: AccessFinding): readonly DocumentLine[] {
  const what = `${verdict.padEnd(VERDICT_COLUMNS)}   ${device ?? role}: ${path}`;
  if (verdict === 'ok') return [{is: 'same', text: what}];
  return [
    {is: LINE_OF_VERDICT[verdict], text: `${what} (${access})`},
    ...(why === undefined ? [] : [{is: 'same' as const, text: INDENT + why}]),
    ...(remedies.length === 0 ? [] : [{is: 'note' as const, text: `${INDENT}this would help:`}]),
    ...remedies.flatMap(({command, changes}) => [
      {is: 'same' as const, text: `${INDENT}  ${command}`},
      {is: 'note' as const, text: `${INDENT}    ${changes}`},
    ]),
  ];
}
