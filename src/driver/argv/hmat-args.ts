import type {NumaCell} from '../../model/domain/cpu.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/** Whether the firmware has to show the guest how fast its memory is. */
export function hasHmat({cpu}: DomainDef): boolean {
  const {interconnects, cells} = cpu?.numa ?? {};
  return interconnects !== undefined || (cells ?? []).some(({caches}) => caches);
}

/**
 * The cell whose processors reach the memory of a cell best: the cell itself when it has some, else the one with the
 * least latency or the most bandwidth, else the first with processors.
 *
 * @see libvirt 9.0.0, src/conf/numa_conf.c, virDomainNumaGetNodeInitiator, and src/qemu/qemu_command.c
 */
export function initiatorOf(cell: NumaCell, cells: readonly NumaCell[], {cpu}: DomainDef): number | undefined {
  if (cell.cpus !== undefined) return cell.id;
  const {latencies = [], bandwidths = []} = cpu?.numa?.interconnects ?? {};
  const nearest = latencies
    .filter(({target}) => target === cell.id)
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
  const widest = bandwidths
    .filter(({target}) => target === cell.id)
    .toSorted((a, b) => Number((b.valueKiB ?? 0n) - (a.valueKiB ?? 0n)))[0];
  return nearest?.initiator ?? widest?.initiator ?? cells.find(({cpus}) => cpus !== undefined)?.id;
}

const HIERARCHY = ['memory', 'first-level', 'second-level', 'third-level'] as const;
const ASSOCIATIVITY = {none: 'none', direct: 'direct', full: 'complex'} as const;
const POLICY = {none: 'none', writeback: 'write-back', writethrough: 'write-through'} as const;

/** Latencies, bandwidths and caches. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildNumaHMATCommandLine. */
export function buildHmatArgs({cpu}: DomainDef): readonly QemuArg[] {
  const {interconnects, cells = []} = cpu?.numa ?? {};
  const {latencies = [], bandwidths = []} = interconnects ?? {};
  return [
    ...latencies.map(({value, ...between}) => linkArg(between, 'latency', {latency: value})),
    ...bandwidths.map(({valueKiB, ...between}) => linkArg(between, 'bandwidth', {bandwidth: `${valueKiB ?? 0n}K`})),
    ...cells.flatMap(({id, caches = []}) =>
      caches.map(({level, sizeKiB, associativity, policy, lineBytes}) =>
        optionsArg(
          '-numa',
          {
            'node-id': id,
            size: `${sizeKiB ?? 0n}K`,
            level,
            associativity: associativity && ASSOCIATIVITY[associativity],
            policy: policy && POLICY[policy],
            line: lineBytes,
          },
          {key: 'type', value: 'hmat-cache'},
        ),
      ),
    ),
  ];
}

interface Link {
  readonly initiator?: number;
  readonly target?: number;
  readonly cache?: number;
  readonly type?: 'access' | 'read' | 'write';
}

function linkArg(
  {initiator, target, cache = 0, type = 'access'}: Link,
  what: 'latency' | 'bandwidth',
  value: Readonly<Record<string, number | string | undefined>>,
): QemuArg {
  const hierarchy = HIERARCHY[cache];
  const dataType = `${type}-${what}`;
  return optionsArg(
    '-numa',
    {initiator, target, hierarchy, 'data-type': dataType, ...value},
    {
      key: 'type',
      value: 'hmat-lb',
    },
  );
}
