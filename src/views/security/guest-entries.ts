import type {SecurityReading} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {runnerSentence} from '../../model/foreign-guest.ts';
import type {DomainSummary} from '../../model/hypervisor.ts';
import {capabilityWords} from '../../model/process-capabilities.ts';
import {
  CHECK_PARTS,
  type CheckPart,
  driftOf,
  type PartCheck,
  type ProcessCredentials,
  type SecurityReport,
  verdictWords,
} from '../../model/security-report.ts';
import type {Role} from '../../ui/theme.ts';
import {counted} from '../capabilities/host-entries.ts';
import type {TreeEntry} from '../tree/tree-node.ts';

const PART_TITLES: Readonly<Record<CheckPart, string>> = {
  process: 'Process',
  label: 'Label',
  devices: 'Devices',
  files: 'Files',
};

/** Parts that are unfolded at first; a device list is long, and seldom of interest while all is well. */
const OPEN_PARTS: ReadonlySet<CheckPart> = new Set(['process', 'label', 'files']);

const VERDICT_ROLES: Readonly<Record<PartCheck['verdict'], Role>> = {
  ok: 'text',
  note: 'accent',
  drift: 'warning',
  unknown: 'warning',
  unasked: 'text',
};

/** A running guest: in one line whether it is as asked, below it what differs, then everything part by part. */
export function guestEntry(
  domain: DomainSummary,
  reading: SecurityReading | undefined,
  isSelected: boolean,
): TreeEntry {
  const name = sanitiseUntrusted(domain.name);
  // The one that is selected is another line than when it was not: each is folded for itself.
  const base = {
    key: `${isSelected ? 'selected' : 'guest'} ${domain.name}`,
    label: name,
    labelRole: 'strong',
    copy: name,
  } as const;
  if (!reading) return {...base, value: 'asking the kernel', role: 'muted'};
  if (reading.is === 'failed') return {...base, value: sanitiseUntrusted(reading.why), role: 'warning', wraps: true};
  const {report} = reading;
  const drifting = driftOf(report.checks);
  return {
    ...base,
    value: `${verdictWords(report.checks)}  ${credentialWords(report.credentials)}`,
    ...(drifting.length > 0 ? {role: 'warning'} : {}),
    ...(isSelected || drifting.length > 0 ? {isOpenFirst: true} : {}),
    children: () => [...runnerEntries(domain), ...drifting.map(checkEntry), ...partEntries(report)],
  };
}

/** A guest that is off, where it is the selected one. */
export function offEntry({name, state}: DomainSummary): TreeEntry {
  return {
    key: `off ${name}`,
    label: sanitiseUntrusted(name),
    labelRole: 'strong',
    value: `${state.is}: there is no process to look at`,
    role: 'muted',
  };
}

function credentialWords({pid, uid, gid, capabilities, seccomp}: ProcessCredentials): string {
  return `pid ${pid}  ${uid.effective}:${gid.effective}  caps ${capabilityWords(capabilities.effective)}  seccomp ${seccomp.mode}`;
}

/** Of a guest that others started nothing is known of what was to be. */
function runnerEntries({foreign}: DomainSummary): readonly TreeEntry[] {
  if (!foreign) return [];
  const text = `${runnerSentence(foreign)}; what was asked for is not known`;
  return [{key: 'runner', label: 'Observed only', labelRole: 'muted', value: sanitiseUntrusted(text), wraps: true}];
}

function partEntries({checks}: SecurityReport): readonly TreeEntry[] {
  return CHECK_PARTS.flatMap((part): readonly TreeEntry[] => {
    const own = checks.filter(check => check.part === part);
    const others = own.filter(({verdict}) => verdict !== 'drift');
    if (own.length === 0) return [];
    return [
      {
        key: part,
        label: PART_TITLES[part],
        labelRole: 'accent',
        value: partWords(own),
        ...(others.length > 0 ? {children: () => others.map(checkEntry)} : {}),
        ...(OPEN_PARTS.has(part) ? {isOpenFirst: true} : {}),
      },
    ];
  });
}

/** `11 as asked`, `10 as asked, 1 differs`, `9 observed`. */
function partWords(checks: readonly PartCheck[]): string {
  const words = verdictWords(checks);
  const drifting = driftOf(checks).length;
  if (words === 'observed only') return `${checks.length} observed`;
  const unknown = checks.filter(({verdict}) => verdict === 'unknown').length;
  const asAsked = checks.length - drifting - unknown;
  return [
    ...(asAsked > 0 ? [`${asAsked} as asked`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
    ...(drifting > 0 ? [words] : []),
  ].join(', ');
}

/** One aspect: what is, and what was asked where that differs; unfolded, both with the verdict and what gives it back. */
function checkEntry(check: PartCheck): TreeEntry {
  const {aspect, asked, observed, verdict, remedies = []} = check;
  const [words, wish, is] = [aspect, asked, observed].map(text => sanitiseUntrusted(text));
  const field = (label: string, value: string | undefined): TreeEntry => {
    const text = value ?? '';
    return {key: label, label, labelRole: 'muted', value: text, wraps: true, copy: text};
  };
  const value = {
    drift: `differs: ${is}`,
    note: `${is} (worth knowing)`,
    unknown: `not known: ${is}`,
    ok: is,
    unasked: is,
  };
  return {
    key: `${check.part} ${aspect}`,
    label: words ?? '',
    labelRole: 'muted',
    value: value[verdict] ?? '',
    role: VERDICT_ROLES[verdict],
    wraps: true,
    copy: sanitiseUntrusted(remedies[0] ?? observed),
    ...(verdict === 'drift' ? {isOpenFirst: true} : {}),
    children: () => [
      ...(verdict === 'unasked' ? [] : [field('asked', wish)]),
      ...(verdict === 'drift' ? [] : [field('observed', is)]),
      ...(verdict === 'drift' || verdict === 'unasked' ? [] : [field('verdict', verdict)]),
      ...remedies.map((remedy, at) => ({
        ...field(verdict === 'drift' ? 'gives it back' : 'tells more', sanitiseUntrusted(remedy)),
        key: `remedy ${at}`,
      })),
    ],
  };
}

/** For the title: how many running guests differ. */
export function differingWords(drifting: number): string {
  return drifting === 0 ? '' : `${counted(drifting, 'guest')} ${drifting === 1 ? 'differs' : 'differ'}`;
}
