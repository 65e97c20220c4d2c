import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {asArray, asString, isQmpObject} from '../../monitor/qmp-json.ts';

/** The names of the images and their parts that an emulator has open. */
export async function readNodeNames(monitor: MonitorClient): Promise<readonly string[]> {
  const nodes = asArray(await monitor.execute('query-named-block-nodes')) ?? [];
  return nodes.filter(isQmpObject).flatMap(node => asString(node['node-name']) ?? []);
}

/** The numbers in names like `libvirt-3-format`. */
export function imageNumbers(names: readonly string[]): readonly number[] {
  return names.flatMap(name => {
    const number = /^libvirt-(\d+)-/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}
