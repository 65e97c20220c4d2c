import type {ProcessCredentials} from '../model/security-report.ts';

/**
 * Reads the credentials from `/proc/PID/status`.
 *
 * @returns undefined when a field that every kernel since 4.10 has is missing
 * @see Linux, Documentation/filesystems/proc.rst, table 1-2
 */
export function parseCredentials(text: string, label: string | undefined): ProcessCredentials | undefined {
  const fields = new Map(text.split('\n').map(line => splitField(line)));
  const numbers = (name: string) =>
    (fields.get(name) ?? '')
      .split(/\s+/)
      .filter(part => part !== '')
      .map(Number);
  const mask = (name: string) => BigInt(`0x${fields.get(name) ?? '0'}`);
  const pid = numbers('Pid')[0];
  const uid = ids(numbers('Uid'));
  const gid = ids(numbers('Gid'));
  if (pid === undefined || !uid || !gid || !fields.has('CapEff')) return undefined;
  return {
    pid,
    uid,
    gid,
    groups: numbers('Groups'),
    capabilities: {
      inheritable: mask('CapInh'),
      permitted: mask('CapPrm'),
      effective: mask('CapEff'),
      bounding: mask('CapBnd'),
      ambient: mask('CapAmb'),
    },
    noNewPrivs: fields.get('NoNewPrivs') === '1',
    seccomp: {
      mode: SECCOMP_MODES[numbers('Seccomp')[0] ?? 0] ?? 'disabled',
      filters: numbers('Seccomp_filters')[0] ?? 0,
    },
    ...(label === undefined ? {} : {label}),
  };
}

const SECCOMP_MODES = ['disabled', 'strict', 'filter'] as const;

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function ids(values: readonly number[]): ProcessCredentials['uid'] | undefined {
  const [real, effective, saved, fs] = values;
  return real === undefined || effective === undefined || saved === undefined || fs === undefined
    ? undefined
    : {real, effective, saved, fs};
}
