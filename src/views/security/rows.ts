import {type AppState, type SecurityReading, selectedDomain} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {isActive} from '../../model/domain-state.ts';
import {runnerSentence} from '../../model/foreign-guest.ts';
import type {DomainSummary, DriverInstance} from '../../model/hypervisor.ts';
import {capabilityWords} from '../../model/process-capabilities.ts';
import type {ProcessCredentials, SecurityCheck, SecurityReport} from '../../model/security-report.ts';
import {type Field, fieldRows, headingRow, textRows} from '../../ui/fields.ts';
import {wrap} from '../../ui/text-width.ts';
import type {Role, Theme} from '../../ui/theme.ts';

const VERDICT_ROLES: Readonly<Record<SecurityCheck['verdict'], Role>> = {
  ok: 'ok',
  note: 'accent',
  drift: 'danger',
  unknown: 'warning',
  unasked: 'muted',
};

/** The instance, then how each running guest is confined: the selected one first and in full. Before scrolling. */
export function securityRows(state: AppState, columns: number, theme: Theme): readonly string[] {
  const instance = fieldRows(instanceFields(state.instance), columns, theme);
  if (state.abilities.security !== true) {
    return [...instance, '', ...textRows(state.abilities.security, columns, theme, 'warning')];
  }
  const selected = selectedDomain(state);
  const others = state.domains.filter(domain => isActive(domain.state) && domain !== selected);
  return [
    ...instance,
    ...(selected ? selectedRows(selected, state.security.get(selected.name), columns, theme) : []),
    ...others.flatMap(domain => briefRows(domain, state.security.get(domain.name), columns, theme)),
    ...(selected || others.length > 0 ? [] : ['', ...textRows('No guest is running.', columns, theme, 'muted')]),
  ];
}

function instanceFields(instance: DriverInstance): readonly Field[] {
  return [
    {label: 'Driver', value: `${instance.kind}, as ${sanitiseUntrusted(instance.userName)} (uid ${instance.uid})`},
    ...(instance.root ? [{label: 'Root', value: sanitiseUntrusted(instance.root)}] : []),
    ...(instance.readOnly
      ? [
          {
            label: 'Access',
            value: `read-only: ${sanitiseUntrusted(instance.readOnlyReason ?? '')}`,
            role: 'warning' as const,
          },
        ]
      : []),
  ];
}

function selectedRows(
  domain: DomainSummary,
  reading: SecurityReading | undefined,
  columns: number,
  theme: Theme,
): readonly string[] {
  if (!isActive(domain.state)) {
    const text = `'${sanitiseUntrusted(domain.name)}' is ${domain.state.is}: there is no process to look at.`;
    return ['', ...textRows(text, columns, theme, 'muted')];
  }
  const rows = guestRows(domain, reading, columns, theme);
  if (reading?.is !== 'read') return rows;
  return [...rows, ...unaskedRows(domain, columns, theme), ...checkRows(reading.report, columns, theme)];
}

/** Of a guest that others started nothing is known of what was to be. */
function unaskedRows({foreign}: DomainSummary, columns: number, theme: Theme): readonly string[] {
  if (!foreign) return [];
  const text = `Observed only: ${runnerSentence(foreign)}; what was asked for is not known.`;
  return ['', ...textRows(sanitiseUntrusted(text), columns, theme, 'muted')];
}

function guestRows(
  domain: DomainSummary,
  reading: SecurityReading | undefined,
  columns: number,
  theme: Theme,
): readonly string[] {
  const heading = ['', headingRow(sanitiseUntrusted(domain.name), theme)];
  if (!reading) return [...heading, ...textRows('Asking the kernel', columns, theme, 'muted')];
  if (reading.is === 'failed')
    return [...heading, ...textRows(sanitiseUntrusted(reading.why), columns, theme, 'warning')];
  return [...heading, ...fieldRows(credentialFields(reading.report.credentials), columns, theme)];
}

function credentialFields(credentials: ProcessCredentials): readonly Field[] {
  const {uid, gid, groups, capabilities, seccomp} = credentials;
  const extra = groups.length === 0 ? 'no other groups' : `groups ${groups.join(' ')}`;
  const filters = seccomp.mode === 'filter' ? `filter (${seccomp.filters} installed)` : seccomp.mode;
  return [
    {label: 'Process', value: `pid ${credentials.pid}, uid ${idWords(uid)}, gid ${idWords(gid)}, ${extra}`},
    {
      label: 'Caps',
      value: capabilityWords(capabilities.effective),
      role: capabilities.effective === 0n ? 'ok' : 'warning',
    },
    {label: 'Bounding', value: capabilityWords(capabilities.bounding)},
    {label: 'New privs', value: credentials.noNewPrivs ? 'none (no_new_privs)' : 'possible'},
    {label: 'Seccomp', value: filters, role: seccomp.mode === 'disabled' ? 'warning' : 'ok'},
    {label: 'Label', value: sanitiseUntrusted(credentials.label ?? 'none')},
  ];
}

/** A guest that is not selected, in one sentence. */
function briefRows(
  domain: DomainSummary,
  reading: SecurityReading | undefined,
  columns: number,
  theme: Theme,
): readonly string[] {
  if (reading?.is !== 'read') return guestRows(domain, reading, columns, theme);
  const {pid, uid, gid, capabilities, noNewPrivs, seccomp, label} = reading.report.credentials;
  const words = [
    `pid ${pid}, uid ${uid.effective}, gid ${gid.effective}`,
    `caps ${capabilityWords(capabilities.effective)} (bounding ${capabilityWords(capabilities.bounding)})`,
    noNewPrivs ? 'no_new_privs' : 'new privs possible',
    `seccomp ${seccomp.mode}`,
    ...(label === undefined ? [] : [sanitiseUntrusted(label)]),
  ];
  return ['', headingRow(sanitiseUntrusted(domain.name), theme), ...textRows(words.join(', '), columns, theme)];
}

/** One number where all four agree, else each by its name. */
function idWords(ids: ProcessCredentials['uid']): string {
  const {real, effective, saved, fs} = ids;
  const isOne = real === effective && real === saved && real === fs;
  return isOne ? String(real) : `${real} (effective ${effective}, saved ${saved}, fs ${fs})`;
}

/** What was asked against what the kernel says; what differs is shown on lines of its own. */
function checkRows(report: SecurityReport, columns: number, theme: Theme): readonly string[] {
  if (report.checks.length === 0) return [];
  const rows = report.checks.flatMap(check => {
    const verdict = check.verdict.padEnd(8);
    const isSame = check.asked === check.observed;
    const text = isSame ? check.observed : `asked ${check.asked}; is ${check.observed}`;
    const lines = wrap(`${check.aspect}: ${sanitiseUntrusted(text)}`, Math.max(10, columns - 10));
    return lines.map((line, at) =>
      at === 0 ? ` ${theme.paint(VERDICT_ROLES[check.verdict], verdict)}${line}` : ` ${' '.repeat(8)}${line}`,
    );
  });
  return ['', headingRow('Asked for and observed', theme), ...rows];
}
