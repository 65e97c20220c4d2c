import {formatDevice, sortDevices} from './devices/device-table.ts';
import {clockField} from './domain/clock.ts';
import {featuresField} from './domain/features.ts';
import {formatOs} from './domain/format-os.ts';
import {formatQemuNamespace} from './domain/qemu-namespace.ts';
import {SECTIONS} from './domain/sections.ts';
import type {DomainDef} from './domain-def.ts';
import {childrenOf} from './fields/field.ts';
import {record} from './fields/record.ts';
import {element, textElement, writeXml, type XmlNode} from './xml/write-xml.ts';

export interface FormatDomainOptions {
  /** Number of the running domain: prints the live form, with aliases, pty paths and ports. */
  readonly id?: number;
}

const GROUPS = {
  afterUuid: record(SECTIONS.afterUuid),
  afterDescription: record(SECTIONS.afterDescription),
  afterMemory: record(SECTIONS.afterMemory),
  afterVcpu: record(SECTIONS.afterVcpu),
  afterOs: record(SECTIONS.afterOs),
  afterFeatures: record(SECTIONS.afterFeatures),
  afterLifecycle: record(SECTIONS.afterLifecycle),
  afterDevices: record(SECTIONS.afterDevices),
};

/**
 * The XML of a domain, in the order and the form in which libvirt prints it; `parseDomain` reads it back unchanged.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefFormatInternalSetRootName
 */
export function formatDomain(def: DomainDef, options: FormatDomainOptions = {}): string {
  const context = {live: options.id !== undefined, arch: def.os.arch};
  const qemu = formatQemuNamespace(def.qemu, context);
  return writeXml(
    element('domain', {type: def.type, id: options.id, ...qemu.attributes}, [
      element('name', {}, def.name),
      element('uuid', {}, def.uuid),
      ...childrenOf(GROUPS.afterUuid, def, context),
      textElement('title', def.title),
      textElement('description', def.description),
      ...childrenOf(GROUPS.afterDescription, def, context),
      formatMemory(def),
      element('currentMemory', {unit: 'KiB'}, String(def.currentMemoryKiB)),
      ...childrenOf(GROUPS.afterMemory, def, context),
      formatVcpus(def),
      ...childrenOf(GROUPS.afterVcpu, def, context),
      formatOs(def.os, context),
      ...childrenOf(GROUPS.afterOs, def, context),
      ...childrenOf(featuresField, def.features, context),
      ...childrenOf(GROUPS.afterFeatures, def, context),
      ...childrenOf(clockField, def.clock, context),
      element('on_poweroff', {}, def.onPoweroff),
      element('on_reboot', {}, def.onReboot),
      element('on_crash', {}, def.onCrash),
      ...childrenOf(GROUPS.afterLifecycle, def, context),
      element('devices', {}, formatDevices(def, context)),
      ...childrenOf(GROUPS.afterDevices, def, context),
      ...qemu.elements,
    ]),
  );
}

function formatMemory({memoryKiB, dumpCore}: DomainDef): XmlNode {
  const word = dumpCore === undefined ? undefined : dumpCore ? 'on' : 'off';
  return element('memory', {dumpCore: word, unit: 'KiB'}, String(memoryKiB));
}

function formatVcpus({vcpus, vcpuPlacement: {placement, cpuset, current} = {}}: DomainDef): XmlNode {
  return element('vcpu', {placement: placement ?? 'static', cpuset, current}, String(vcpus));
}

function formatDevices(
  def: DomainDef,
  context: {readonly live: boolean; readonly arch: string},
): readonly (XmlNode | undefined)[] {
  return [
    textElement('emulator', def.emulator),
    ...sortDevices(def.devices).map(device => formatDevice(device, context)),
  ];
}
