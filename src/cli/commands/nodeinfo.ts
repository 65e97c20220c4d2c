import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {HostInfo} from '../../model/capabilities.ts';
import type {CommandContext} from '../command.ts';
import {formatFields} from '../format/table.ts';
import {printData} from '../print.ts';

const NAME_COLUMNS = 20;

/** `virtty nodeinfo`: the lines of `virsh nodeinfo` of libvirt 9.0.0. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const host = await hypervisor.nodeInfo();
  printData(context, formatNodeinfo(host), host);
}

function formatNodeinfo(host: HostInfo): string {
  return formatFields(
    [
      ['CPU model', sanitiseUntrusted(host.cpuModel)],
      ['CPU(s)', String(host.cpus)],
      ['CPU frequency', `${host.mhz} MHz`],
      ['CPU socket(s)', String(host.sockets)],
      ['Core(s) per socket', String(host.coresPerSocket)],
      ['Thread(s) per core', String(host.threadsPerCore)],
      ['NUMA cell(s)', String(host.numaNodes)],
      ['Memory size', `${host.memoryKiB} KiB`],
    ],
    NAME_COLUMNS,
  );
}
