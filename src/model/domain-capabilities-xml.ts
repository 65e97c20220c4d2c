import type {
  CapsCpuModel,
  CapsEnum,
  CapsHostModel,
  CapsPart,
  DomainCapabilities,
  SevCapability,
  SgxCapability,
} from './domain-capabilities.ts';
import {element, textElement, writeXml, type XmlNode} from './xml/write-xml.ts';

/**
 * Domain capabilities as libvirt's XML.
 *
 * @see libvirt 9.0.0, src/conf/domain_capabilities.c, virDomainCapsFormat, and docs/formatdomaincaps
 */
export function formatDomainCapabilitiesXml(caps: DomainCapabilities): string {
  const {emulator, domainType, machine, arch, maxVcpus, iothreads, memorySources} = caps;
  return writeXml(
    element('domainCapabilities', {}, [
      element('path', {}, emulator),
      element('domain', {}, domainType),
      textElement('machine', machine),
      element('arch', {}, arch),
      maxVcpus === undefined ? undefined : element('vcpu', {max: maxVcpus}),
      element('iothreads', supported(iothreads)),
      formatOs(caps),
      formatCpu(caps),
      element('memoryBacking', supported(true), [formatEnum({name: 'sourceType', values: memorySources})]),
      element('devices', {}, caps.devices.map(formatPart)),
      element('features', {}, [...caps.features.map(formatPart), ...formatHidden(caps)].toSorted(byPlace)),
    ]),
  );
}

function supported(is: boolean): {readonly supported: string} {
  return {supported: is ? 'yes' : 'no'};
}

function formatEnum({name, values}: CapsEnum): XmlNode {
  return element(
    'enum',
    {name},
    values.map(value => element('value', {}, value)),
  );
}

function formatPart({name, supported: is, enums}: CapsPart): XmlNode {
  return element(name, supported(is), enums.map(formatEnum));
}

function formatOs({firmware, loader}: DomainCapabilities): XmlNode {
  return element('os', supported(true), [
    formatEnum({name: 'firmware', values: firmware}),
    element('loader', supported(true), [
      ...loader.paths.map(path => element('value', {}, path)),
      formatEnum({name: 'type', values: loader.types}),
      formatEnum({name: 'readonly', values: ['yes', 'no']}),
      formatEnum({name: 'secure', values: loader.hasSecureBoot ? ['yes', 'no'] : ['no']}),
    ]),
  ]);
}

function formatCpu({cpu}: DomainCapabilities): XmlNode {
  const mode = (name: string, is: boolean, content: readonly XmlNode[]) =>
    element('mode', {name, ...supported(is)}, is ? content : []);
  const switches = (name: string) => [formatEnum({name, values: ['on', 'off']})];
  return element('cpu', {}, [
    mode('host-passthrough', cpu.hostPassthrough, switches('hostPassthroughMigratable')),
    mode('maximum', cpu.maximum, switches('maximumMigratable')),
    mode('host-model', cpu.hostModel !== undefined, cpu.hostModel ? formatHostModel(cpu.hostModel) : []),
    mode('custom', cpu.models.length > 0, cpu.models.map(formatModel)),
  ]);
}

function formatHostModel({model, vendor, features}: CapsHostModel): readonly XmlNode[] {
  return [
    element('model', {fallback: 'forbid'}, model),
    ...(vendor === undefined ? [] : [element('vendor', {}, vendor)]),
    ...features.map(({policy, name}) => element('feature', {policy, name})),
  ];
}

function formatModel({name, usable, deprecated, vendor = 'unknown'}: CapsCpuModel): XmlNode {
  const word = usable === undefined ? 'unknown' : usable ? 'yes' : 'no';
  return element('model', {usable: word, deprecated: deprecated ? 'yes' : undefined, vendor}, name);
}

/** Memory encryption and enclaves, with what the processor says of them. */
function formatHidden({sev, sgx}: DomainCapabilities): readonly XmlNode[] {
  return [
    element('sev', supported(sev !== undefined), sev ? formatSev(sev) : []),
    element('sgx', supported(sgx !== undefined), sgx ? formatSgx(sgx) : []),
  ];
}

/** How many guests can be encrypted at once QEMU does not say: none is told. */
function formatSev({cbitpos, reducedPhysBits}: SevCapability): readonly XmlNode[] {
  const numbers = {cbitpos, reducedPhysBits, maxGuests: 0, maxESGuests: 0};
  return Object.entries(numbers).map(([name, value]) => element(name, {}, String(value)));
}

function formatSgx({flc, sgx1, sgx2, sections}: SgxCapability): readonly XmlNode[] {
  const total = sections.reduce((sum, {sizeKiB}) => sum + sizeKiB, 0);
  return [
    ...Object.entries({flc, sgx1, sgx2}).map(([name, is]) => element(name, {}, is ? 'yes' : 'no')),
    element('section_size', {unit: 'KiB'}, String(total)),
    element(
      'sections',
      {},
      sections.map(({node, sizeKiB: size}) => element('section', {node, size, unit: 'KiB'})),
    ),
  ];
}

/** The schema has them in this order. */
const FEATURE_ORDER = ['gic', 'vmcoreinfo', 'genid', 'backingStoreInput', 'backup', 's390-pv', 'sev', 'sgx', 'hyperv'];

function byPlace(a: XmlNode, b: XmlNode): number {
  return FEATURE_ORDER.indexOf(a.name) - FEATURE_ORDER.indexOf(b.name);
}
