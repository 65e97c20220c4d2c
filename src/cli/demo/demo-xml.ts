import {element, textElement, writeXml, type XmlNode} from '../../model/xml/write-xml.ts';

/** What differs between the guests of the demo. */
export interface DemoXmlParts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arch: string;
  readonly machine: string;
  readonly memoryMiB: number;
  /** Inside of `<os>`, after `<type>`. */
  readonly os?: readonly XmlNode[];
  /** Model of a network card behind QEMU's own user network. */
  readonly network?: string;
}

/** The XML of a guest that is used over its serial console. A PC gets ACPI: without it the power button does nothing. */
export function demoXml(parts: DemoXmlParts): string {
  const {arch, machine, network} = parts;
  return writeXml(
    element('domain', {type: 'qemu'}, [
      textElement('name', parts.name),
      textElement('title', parts.title),
      textElement('description', parts.description),
      element('memory', {unit: 'MiB'}, String(parts.memoryMiB)),
      element('vcpu', {}, '1'),
      element('os', {}, [element('type', {arch, machine}, 'hvm'), ...(parts.os ?? [])]),
      arch === 'x86_64' ? element('features', {}, [element('acpi')]) : undefined,
      element('on_poweroff', {}, 'destroy'),
      element('on_reboot', {}, 'restart'),
      element('on_crash', {}, 'destroy'),
      element('devices', {}, [
        network === undefined ? undefined : element('interface', {type: 'user'}, [element('model', {type: network})]),
        element('serial', {type: 'pty'}, [element('target', {port: 0})]),
        element('console', {type: 'pty'}, [element('target', {type: 'serial', port: 0})]),
      ]),
    ]),
  );
}
