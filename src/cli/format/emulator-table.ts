import {assertNever} from '../../base/assert-never.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {Capabilities, EmulatorInfo, HostInfo} from '../../model/capabilities.ts';
import {kvmMissing, usableAccelerators} from '../../model/guest-offers.ts';
import {formatLocalMinute} from './local-minute.ts';
import {formatTable} from './table.ts';

const HEADING = ['Emulator', 'Version', 'Architecture', 'Machines', 'Default machine', 'Accelerators', 'Known since'];

/**
 * The emulators of a host as a table for people, and below it what keeps domains of type kvm from running.
 *
 * @param quiet  rows only
 */
export function formatEmulators(capabilities: Capabilities, quiet: boolean): string {
  const rows = capabilities.emulators.map(info => emulatorRow(info, capabilities.host));
  const missing = kvmMissing(capabilities);
  const note = missing === undefined ? '' : `\nDomains of type kvm cannot run here: ${sanitiseUntrusted(missing)}\n`;
  return `${formatTable(HEADING, rows, {quiet})}${quiet ? '' : note}`;
}

function emulatorRow(info: EmulatorInfo, host: HostInfo): readonly string[] {
  switch (info.status) {
    case 'ok': {
      const {version, arch, machines} = info.caps;
      const own = machines.filter(machine => machine.aliasOf === undefined);
      return [
        info.path,
        version,
        arch,
        String(own.length),
        own.find(machine => machine.isDefault)?.name ?? '-',
        usableAccelerators(info, host).join(', ') || 'none',
        info.learnt === undefined ? '-' : formatLocalMinute(info.learnt.sinceMs),
      ].map(cell => sanitiseUntrusted(cell));
    }
    case 'failed':
      return unknownRow(info.path, `failed: ${info.why}`);
    case 'probing':
      return unknownRow(info.path, 'still being probed');
    default:
      return assertNever(info);
  }
}

/** Why nothing is known stands in the last column: it may be long. */
function unknownRow(path: string, why: string): readonly string[] {
  return [sanitiseUntrusted(path), ...HEADING.slice(2).map(() => '-'), sanitiseUntrusted(why)];
}
