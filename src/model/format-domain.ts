import {formatDevice, sortDevices} from './devices/device-table.ts';
import type {ClockDef, DomainDef, FeaturesDef, OsDef} from './domain-def.ts';
import {element, textElement, writeXml, type XmlNode} from './xml/write-xml.ts';

export interface FormatDomainOptions {
  /** Number of the running domain: prints the live form, with aliases, pty paths and ports. */
  readonly id?: number;
}

/**
 * The XML of a domain, in the order and the form in which libvirt prints it; `parseDomain` reads it back unchanged.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefFormatInternalSetRootName
 */
export function formatDomain(def: DomainDef, options: FormatDomainOptions = {}): string {
  return writeXml(
    element('domain', {type: def.type, id: options.id}, [
      element('name', {}, def.name),
      element('uuid', {}, def.uuid),
      textElement('title', def.title),
      textElement('description', def.description),
      element('memory', {unit: 'KiB'}, String(def.memoryKiB)),
      element('currentMemory', {unit: 'KiB'}, String(def.currentMemoryKiB)),
      element('vcpu', {placement: 'static'}, String(def.vcpus)),
      formatOs(def.os),
      formatFeatures(def.features),
      formatClock(def.clock),
      element('on_poweroff', {}, def.onPoweroff),
      element('on_reboot', {}, def.onReboot),
      element('on_crash', {}, def.onCrash),
      element('devices', {}, formatDevices(def, options)),
    ]),
  );
}

function formatOs(os: OsDef): XmlNode {
  const {loader} = os;
  const loaderAttributes = {readonly: loader?.readonly ? 'yes' : undefined, type: loader?.type};
  return element('os', {}, [
    element('type', {arch: os.arch, machine: os.machine}, os.type),
    loader && element('loader', loaderAttributes, loader.path),
    textElement('kernel', os.kernel),
    textElement('initrd', os.initrd),
    textElement('cmdline', os.cmdline),
    ...os.boot.map(dev => element('boot', {dev})),
    os.biosUseSerial ? element('bios', {useserial: 'yes'}) : undefined,
  ]);
}

function formatFeatures(features: FeaturesDef): XmlNode | undefined {
  const names = (['acpi', 'apic', 'pae'] as const).filter(name => features[name]);
  return names.length === 0
    ? undefined
    : element(
        'features',
        {},
        names.map(name => element(name)),
      );
}

function formatClock(clock: ClockDef): XmlNode {
  if (clock.offset !== 'variable') return element('clock', {offset: clock.offset});
  return element('clock', {offset: clock.offset, adjustment: clock.adjustmentSeconds, basis: 'utc'});
}

function formatDevices(def: DomainDef, {id}: FormatDomainOptions): readonly (XmlNode | undefined)[] {
  const options = {live: id !== undefined, arch: def.os.arch};
  return [
    textElement('emulator', def.emulator),
    ...sortDevices(def.devices).map(device => formatDevice(device, options)),
  ];
}
