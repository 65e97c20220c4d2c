import type {HostCapabilities} from './capabilities.ts';
import {formatNodeSet} from './fields/node-set.ts';
import type {
  BandwidthNode,
  CacheBank,
  CacheControl,
  HostCell,
  HostCpu,
  HostProcessor,
  ResourceMonitor,
  SecurityModel,
} from './host-detail.ts';
import {element, textElement, type XmlNode} from './xml/write-xml.ts';

/** The `<host>` of capabilities. @see libvirt 9.0.0, src/conf/capabilities.c, virCapabilitiesFormatHostXML */
export function formatHost(host: HostCapabilities): XmlNode {
  const {suspend, caches, cacheMonitor, bandwidth, bandwidthMonitor, migrationTransports} = host;
  return element('host', {}, [
    textElement('uuid', host.uuid || undefined),
    formatCpu(host),
    element('power_management', {}, [
      suspend.memory ? element('suspend_mem') : undefined,
      suspend.disk ? element('suspend_disk') : undefined,
      suspend.hybrid ? element('suspend_hybrid') : undefined,
    ]),
    element('iommu', {support: host.iommu ? 'yes' : 'no'}),
    element('migration_features', {}, [
      element('live'),
      group(
        'uri_transports',
        migrationTransports.map(name => element('uri_transport', {}, name)),
      ),
    ]),
    element('topology', {}, [element('cells', {num: host.cells.length}, host.cells.map(formatCell))]),
    monitored('cache', caches.map(formatBank), cacheMonitor),
    monitored('memory_bandwidth', bandwidth.map(formatBandwidth), bandwidthMonitor),
    ...host.securityModels.map(formatSecurityModel),
  ]);
}

/** An element that is left out where it would be empty. */
function group(name: string, children: readonly XmlNode[]): XmlNode | undefined {
  return children.length === 0 ? undefined : element(name, {}, children);
}

function formatCpu(host: HostCapabilities): XmlNode {
  const {cpu, sockets, diesPerSocket: dies, coresPerSocket, threadsPerCore: threads} = host;
  const {microcode, tsc, physicalAddressBits: bits} = cpu;
  return element('cpu', {}, [
    textElement('arch', host.arch),
    textElement('model', cpu.model),
    textElement('vendor', cpu.vendor),
    microcode === undefined ? undefined : element('microcode', {version: microcode}),
    cpu.signature ? element('signature', {...cpu.signature}) : undefined,
    tsc
      ? element('counter', {name: 'tsc', frequency: tsc.frequencyHz, scaling: tsc.scaling ? 'yes' : 'no'})
      : undefined,
    element('topology', {sockets, dies, cores: coresPerSocket / dies, threads}),
    bits === undefined ? undefined : element('maxphysaddr', {mode: 'emulate', bits}),
    ...features(cpu).map(name => element('feature', {name})),
    ...host.pageSizesKiB.map(size => element('pages', {unit: 'KiB', size})),
  ]);
}

/** Features are those beyond a model: without one libvirt takes none, and its schema has no dot in their names. */
function features({model, features: names}: HostCpu): readonly string[] {
  return model === undefined ? [] : names.filter(name => /^[\w-]+$/.test(name));
}

function formatCell({id, memoryKiB, pools, distances, processors}: HostCell): XmlNode {
  return element('cell', {id}, [
    element('memory', {unit: 'KiB'}, String(memoryKiB)),
    ...pools.map(({sizeKiB, total}) => element('pages', {unit: 'KiB', size: sizeKiB}, String(total))),
    group(
      'distances',
      distances.map(({id: other, value}) => element('sibling', {id: other, value})),
    ),
    element('cpus', {num: processors.length}, processors.map(formatProcessor)),
  ]);
}

function formatProcessor({id, place}: HostProcessor): XmlNode {
  if (!place) return element('cpu', {id});
  const {socketId, dieId, coreId, siblings} = place;
  return element('cpu', {id, socket_id: socketId, die_id: dieId, core_id: coreId, siblings: formatNodeSet(siblings)});
}

function formatBank({id, level, type, sizeBytes, processors, controls}: CacheBank): XmlNode {
  const {value: size, unit} = inLargestUnit(sizeBytes);
  const cpus = formatNodeSet(processors);
  return element('bank', {id, level, type, size, unit, cpus}, controls.map(formatControl));
}

/** Both sizes in the smaller of the two units that are exact. */
function formatControl({type, granularityBytes, minBytes, maxAllocations}: CacheControl): XmlNode {
  const exact = [granularityBytes, minBytes ?? granularityBytes].map(bytes => inLargestUnit(bytes).bytesEach);
  const bytesEach = Math.min(...exact);
  const {unit} = inLargestUnit(bytesEach);
  const min = minBytes === undefined ? undefined : minBytes / bytesEach;
  return element('control', {granularity: granularityBytes / bytesEach, min, unit, type, maxAllocs: maxAllocations});
}

function formatBandwidth({id, processors, granularity, min, maxAllocations}: BandwidthNode): XmlNode {
  const control = element('control', {granularity, min, maxAllocs: maxAllocations});
  return element('node', {id, cpus: formatNodeSet(processors)}, [control]);
}

/** Resources with what can be counted of them; nothing where there are none, which the schema wants. */
function monitored(
  name: string,
  resources: readonly XmlNode[],
  monitor: ResourceMonitor | undefined,
): XmlNode | undefined {
  if (!monitor || resources.length === 0) return group(name, resources);
  const {level, reuseThresholdBytes: reuseThreshold, maxMonitors, features: names} = monitor;
  const counted = names.map(feature => element('feature', {name: feature}));
  return element(name, {}, [...resources, element('monitor', {level, reuseThreshold, maxMonitors}, counted)]);
}

/** One `<secmodel>` of them. */
export function formatSecurityModel({model, labels}: SecurityModel): XmlNode {
  return element('secmodel', {}, [
    element('model', {}, model),
    element('doi', {}, '0'),
    ...labels.map(({type, label}) => element('baselabel', {type}, label)),
  ]);
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** The largest unit that leaves a whole number. @see libvirt 9.0.0, src/util/virutil.c, virFormatIntPretty */
function inLargestUnit(bytes: number): {readonly value: number; readonly unit: string; readonly bytesEach: number} {
  let at = 0;
  while (at < UNITS.length - 1 && bytes > 0 && bytes % 1024 ** (at + 1) === 0) at++;
  return {value: bytes / 1024 ** at, unit: UNITS[at] ?? 'B', bytesEach: 1024 ** at};
}
