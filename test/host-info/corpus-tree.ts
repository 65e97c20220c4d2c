import {parseNodeSet} from '../../src/model/fields/node-set.ts';
import type {XmlElement} from '../../src/model/xml/xml-element.ts';
import {cpuFiles, nodeFiles, type TreeFiles} from './fake-tree.ts';

const INFO = '/sys/fs/resctrl/info';

/** A host that would be told as this `<host>` of libvirt's: what the kernel would have to say for it. */
export function treeOfHost(host: XmlElement): TreeFiles {
  const cells = all(host, ['topology', 'cells', 'cell']);
  const ids = all(host, ['topology', 'cells', 'cell', 'cpus', 'cpu']).map(cpu => attribute(cpu, 'id'));
  return Object.assign(
    {
      '/sys/devices/system/cpu/online': ids.join(','),
      '/sys/devices/system/node/online': cells.map(cell => attribute(cell, 'id')).join(','),
    },
    ...cells.map(cellFiles),
    ...all(host, ['topology', 'cells', 'cell', 'cpus', 'cpu']).map(processorFiles),
    ...all(host, ['cache', 'bank']).map(bankFiles),
    ...all(host, ['memory_bandwidth', 'node', 'control']).map(control => ({
      [`${INFO}/MB/bandwidth_gran`]: attribute(control, 'granularity'),
      [`${INFO}/MB/min_bandwidth`]: attribute(control, 'min'),
      [`${INFO}/MB/num_closids`]: attribute(control, 'maxAllocs'),
    })),
    monitorFiles(host),
  );
}

/** Descendants on a path of names. */
export function all(root: XmlElement, path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (elements, name) => elements.flatMap(({children}) => children.filter(child => child.name === name)),
    [root],
  );
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.get(name) ?? '';
}

function cellFiles(cell: XmlElement): TreeFiles {
  const pages = all(cell, ['pages']).map(page => [attribute(page, 'size'), page.text] as const);
  return nodeFiles(Number(attribute(cell, 'id')), {
    cpus: all(cell, ['cpus', 'cpu'])
      .map(cpu => attribute(cpu, 'id'))
      .join(','),
    memoryKiB: Number(all(cell, ['memory'])[0]?.text),
    distances: '',
    pools: Object.fromEntries(pages.filter(([size]) => size !== '4')),
  });
}

function processorFiles(cpu: XmlElement): TreeFiles {
  return cpuFiles(Number(attribute(cpu, 'id')), {
    socket: Number(attribute(cpu, 'socket_id')),
    die: Number(attribute(cpu, 'die_id')),
    core: Number(attribute(cpu, 'core_id')),
    siblings: attribute(cpu, 'siblings'),
  });
}

const UNITS: Readonly<Record<string, number>> = {B: 1, KiB: 1024, MiB: 1024 ** 2};

function bytesOf(element: XmlElement, name: string): number {
  return Number(attribute(element, name)) * (UNITS[attribute(element, 'unit')] ?? 0);
}

function bankFiles(bank: XmlElement): TreeFiles {
  const size = bytesOf(bank, 'size');
  const level = attribute(bank, 'level');
  const files: Record<string, string> = {};
  for (const cpu of parseNodeSet(attribute(bank, 'cpus')) ?? []) {
    const folder = `/sys/devices/system/cpu/cpu${cpu}/cache/index${level}${attribute(bank, 'id')}`;
    files[`${folder}/level`] = level;
    files[`${folder}/type`] = 'Unified\n';
    files[`${folder}/size`] = `${size / 1024}K\n`;
    files[`${folder}/id`] = attribute(bank, 'id');
    files[`${folder}/shared_cpu_list`] = attribute(bank, 'cpus');
  }
  for (const control of all(bank, ['control'])) {
    const suffix = {both: '', code: 'CODE', data: 'DATA'}[attribute(control, 'type')] ?? '?';
    const granularity = bytesOf(control, 'granularity');
    const min = control.attributes.has('min') ? bytesOf(control, 'min') : granularity;
    files[`${INFO}/L${level}${suffix}/cbm_mask`] = ((1n << BigInt(size / granularity)) - 1n).toString(16);
    files[`${INFO}/L${level}${suffix}/min_cbm_bits`] = String(min / granularity);
    files[`${INFO}/L${level}${suffix}/num_closids`] = attribute(control, 'maxAllocs');
  }
  return files;
}

function monitorFiles(host: XmlElement): TreeFiles {
  const monitors = ['cache', 'memory_bandwidth'].flatMap(name => all(host, [name, 'monitor']));
  const [first] = monitors;
  if (!first) return {};
  const features = monitors.flatMap(monitor => all(monitor, ['feature'])).map(feature => attribute(feature, 'name'));
  const threshold = monitors.map(monitor => attribute(monitor, 'reuseThreshold')).find(Boolean);
  return {
    [`${INFO}/L3_MON/num_rmids`]: attribute(first, 'maxMonitors'),
    [`${INFO}/L3_MON/mon_features`]: features.join('\n'),
    ...(threshold === undefined ? {} : {[`${INFO}/L3_MON/max_threshold_occupancy`]: threshold}),
  };
}
