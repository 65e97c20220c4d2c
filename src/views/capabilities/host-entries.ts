import {formatKiB} from '../../base/format-units.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {HostCapabilities} from '../../model/capabilities.ts';
import {formatNodeSet} from '../../model/fields/node-set.ts';
import type {HostCell, HostCpu, PagePool} from '../../model/host-detail.ts';
import type {TreeEntry} from '../tree/tree-node.ts';

/** What the host is and has: a line for each, with what there is to say of it behind. */
export function hostEntries(host: HostCapabilities): readonly TreeEntry[] {
  const {cells, iommu, suspend, securityModels, caches, cpu} = host;
  const name = `${sanitiseUntrusted(host.cpuModel)}, ${host.arch}`;
  const cores = `${coresText(host)}; ${counted(cells.length, 'NUMA cell')}`;
  return [
    {...field('CPU', name), children: () => [modelEntry(cpu), ...(caches.length === 0 ? [] : [cachesEntry(host)])]},
    {...field('Cores', cores), children: () => cells.map(cellEntry)},
    memoryEntry(host),
    kvmEntry(host),
    field('IOMMU', iommu ? 'there: devices can be given to guests' : 'none: no device can be given to a guest'),
    {
      ...field('Security', securityModels.map(({model}) => sanitiseUntrusted(model)).join(', ')),
      children: () => securityModels.flatMap(securityEntries),
    },
    field('Sleep', namesOf({memory: suspend.memory, disk: suspend.disk, hybrid: suspend.hybrid}) || 'not supported'),
  ];
}

/** A fact with its name. */
function field(label: string, value: string): TreeEntry {
  return {key: label, label, value, labelRole: 'muted', copy: value};
}

/** `2 cells`, `1 cell`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function namesOf(flags: Readonly<Record<string, boolean>>): string {
  return Object.entries(flags)
    .filter(([, on]) => on)
    .map(([name]) => name)
    .join(', ');
}

function coresText({
  cpus,
  numaNodes,
  sockets,
  diesPerSocket,
  coresPerSocket,
  threadsPerCore,
}: HostCapabilities): string {
  const parts = [
    counted(numaNodes * sockets, 'socket'),
    ...(diesPerSocket > 1 ? [counted(diesPerSocket, 'die')] : []),
    counted(coresPerSocket / diesPerSocket, 'core'),
    counted(threadsPerCore, 'thread'),
  ];
  return `${cpus}: ${parts.join(' x ')}`;
}

function kvmEntry({kvm}: HostCapabilities): TreeEntry {
  if (!kvm.usable) {
    const why = sanitiseUntrusted(kvm.why);
    return {...field('KVM', `not usable: ${why}`), role: 'warning', wraps: true};
  }
  if (kvm.tried) return {...field('KVM', 'usable: a guest has run with it'), role: 'ok', wraps: true};
  return {...field('KVM', 'opens; no guest has been tried'), wraps: true};
}

function modelEntry({model, features, source}: HostCpu): TreeEntry {
  const more = counted(features.length, 'feature');
  const value = model === undefined ? more : features.length === 0 ? model : `${model} and ${more}`;
  const list: TreeEntry = {key: 'list', label: `as ${source} tells`, value: features.join(' '), wraps: true};
  return {
    ...field('Model', value),
    ...(features.length === 0 ? {} : {children: () => [{...list, labelRole: 'muted'}]}),
  };
}

function cellEntry({id, memoryKiB, processors, pools, distances}: HostCell): TreeEntry {
  const cpus = processors.length === 0 ? 'no CPUs' : `CPUs ${formatNodeSet(processors.map(cpu => cpu.id))}`;
  const far = distances.map(({id: other, value}) => `${value} to ${other}`).join(', ');
  const huge = pools.slice(1).filter(({total}) => total > 0n);
  return {
    key: String(id),
    label: `cell ${id}`,
    value: [formatKiB(memoryKiB), cpus, ...huge.map(poolText), ...(far === '' ? [] : [`distance ${far}`])].join('; '),
    wraps: true,
  };
}

function poolText({sizeKiB, total, free}: PagePool): string {
  return `${total} of ${formatKiB(BigInt(sizeKiB))}, ${free} free`;
}

function memoryEntry({memoryKiB, cells}: HostCapabilities): TreeEntry {
  const pools = hugePages(cells);
  const some = pools.filter(({total}) => total > 0n).map(poolText);
  const value = `${formatKiB(memoryKiB)}; huge pages: ${some.length === 0 ? 'none set aside' : some.join(', ')}`;
  const entries = pools.map(pool => ({
    key: String(pool.sizeKiB),
    label: `pages of ${formatKiB(BigInt(pool.sizeKiB))}`,
    value: pool.total === 0n ? 'none set aside' : `${pool.total}, ${pool.free} free`,
  }));
  return {...field('Memory', value), ...(entries.length === 0 ? {} : {children: () => entries})};
}

/** The pools of all cells together, by size. */
function hugePages(cells: readonly HostCell[]): readonly PagePool[] {
  const pools = new Map<number, PagePool>();
  for (const {sizeKiB, total, free} of cells.flatMap(cell => cell.pools.slice(1))) {
    const before = pools.get(sizeKiB) ?? {sizeKiB, total: 0n, free: 0n};
    pools.set(sizeKiB, {sizeKiB, total: before.total + total, free: before.free + free});
  }
  return [...pools.values()];
}

function cachesEntry({caches, bandwidth}: HostCapabilities): TreeEntry {
  const banks = caches.map(({level, type, sizeBytes, processors, id, controls}) => ({
    key: `${level} ${type} ${id}`,
    label: `level ${level}`,
    value: [
      formatKiB(BigInt(Math.floor(sizeBytes / 1024))),
      `for CPUs ${formatNodeSet(processors)}`,
      ...(controls.length === 0 ? [] : ['can be divided']),
    ].join(', '),
  }));
  const divided = [
    ...(caches.some(({controls}) => controls.length > 0) ? ['cache'] : []),
    ...(bandwidth.length > 0 ? ['bandwidth'] : []),
  ];
  const value = `${counted(caches.length, 'bank')}${divided.length === 0 ? '' : `; ${divided.join(' and ')} can be divided`}`;
  return {...field('Caches', value), children: () => banks};
}

function securityEntries({model, labels}: HostCapabilities['securityModels'][number]): readonly TreeEntry[] {
  const name = sanitiseUntrusted(model);
  if (labels.length === 0)
    return [{key: name, label: name, value: model === 'none' ? 'nothing keeps guests apart' : 'labels for each guest'}];
  return labels.map(({type, label}) => ({
    key: `${name} ${type}`,
    label: name,
    value: `${sanitiseUntrusted(label)} for ${type}`,
    copy: sanitiseUntrusted(label),
  }));
}
