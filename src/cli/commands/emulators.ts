import {assertNever} from '../../base/assert-never.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {Capabilities, EmulatorInfo} from '../../model/capabilities.ts';
import type {CommandContext} from '../command.ts';
import {emulatorHint} from '../emulator-hint.ts';
import {formatTable} from '../format/table.ts';
import {printData} from '../print.ts';
import {withProgress} from '../with-progress.ts';

const HEADING = ['Emulator', 'Architecture', 'Version', 'Machines', 'Default machine', 'KVM'];

/** `virtty emulators`: the emulators found, and why one of them cannot be used. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const probed = hypervisor.capabilities({complete: true});
  const capabilities = await withProgress(context.io, 'probing the emulators', probed);
  if (capabilities.emulators.length === 0 && !context.globals.json) throw noEmulator(capabilities);
  const rows = capabilities.emulators.map(info => emulatorRow(info, capabilities));
  printData(context, formatTable(HEADING, rows, {quiet: context.globals.quiet}), capabilities.emulators);
}

/** No emulator was found: where it was looked for, and what to install. */
function noEmulator({host, searched}: Capabilities): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', 'there is no QEMU emulator on this host', {
    detail: searched.map(path => `looked in ${path}`),
    hint: emulatorHint(host.arch),
  });
}

function emulatorRow(info: EmulatorInfo, {host}: Capabilities): readonly string[] {
  switch (info.status) {
    case 'ok':
      return [info.path, info.caps.arch, info.caps.version, ...machineCells(info.caps), kvmCell(info.caps, host)].map(
        cell => sanitiseUntrusted(cell),
      );
    case 'failed':
      return [sanitiseUntrusted(info.path), '-', '-', '-', `failed: ${sanitiseUntrusted(info.why)}`, '-'];
    case 'probing':
      return [sanitiseUntrusted(info.path), '-', '-', '-', 'still being probed', '-'];
    default:
      return assertNever(info);
  }
}

type Probed = Extract<EmulatorInfo, {status: 'ok'}>['caps'];

function machineCells(caps: Probed): readonly [count: string, preset: string] {
  const own = caps.machines.filter(machine => machine.aliasOf === undefined);
  return [String(own.length), own.find(machine => machine.isDefault)?.name ?? '-'];
}

/** Whether guests of this emulator run on the processor itself. */
function kvmCell(caps: Probed, host: Capabilities['host']): string {
  if (!caps.kvmBuiltIn || caps.arch !== host.arch) return 'no';
  return host.kvm.usable ? 'yes' : `no: ${host.kvm.why}`;
}
