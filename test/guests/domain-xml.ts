import {element, textElement, writeXml, type XmlNode} from '../../src/model/xml/write-xml.ts';

/** What every test guest is told: its name, and where its emulator is if not where the driver looks. */
export interface GuestOptions {
  readonly name: string;
  readonly uuid?: string;
  /** Absolute path; default is what the driver finds for the architecture. */
  readonly emulator?: string;
}

interface GuestParts {
  readonly arch: string;
  readonly machine: string;
  readonly memoryMiB: number;
  /** Inside of `<os>`, after `<type>`. */
  readonly os?: readonly XmlNode[];
  /** Beside the emulator and the serial line. */
  readonly devices?: readonly XmlNode[];
}

/** The boot sector on an IDE disk: a banner, a prompt, an echo. Reboots and powers off, also by the power button. */
export function bootSectorXml(options: GuestOptions & {readonly imagePath: string}): string {
  const disk = element('disk', {type: 'file', device: 'disk'}, [
    element('driver', {name: 'qemu', type: 'raw'}),
    element('source', {file: options.imagePath}),
    element('target', {dev: 'hda', bus: 'ide'}),
  ]);
  const os = [element('boot', {dev: 'hd'})];
  return domainXml(options, {arch: 'x86_64', machine: 'pc', memoryMiB: 16, os, devices: [disk]});
}

/** SeaBIOS on the serial line, then iPXE from the network card's ROM: `iPXE>` after Ctrl-B. Needs no image. */
export function ipxeXml(options: GuestOptions): string {
  const os = [element('boot', {dev: 'network'}), element('bios', {useserial: 'yes'})];
  return domainXml(options, {arch: 'x86_64', machine: 'pc', memoryMiB: 16, os, devices: [userNetwork('e1000')]});
}

/** OpenBIOS of the old Power Macintosh: `0 >`, a Forth that counts in hexadecimal. It takes no input without a network card. */
export function openBiosXml(options: GuestOptions): string {
  return domainXml(options, {arch: 'ppc', machine: 'g3beige', memoryMiB: 32, devices: [userNetwork('sungem')]});
}

/** Linux with busybox, as `linux/build-linux.sh` makes it: a shell on the first serial line. */
export function linuxXml(options: GuestOptions & {readonly kernel: string; readonly initrd: string}): string {
  const os = [
    element('kernel', {}, options.kernel),
    element('initrd', {}, options.initrd),
    element('cmdline', {}, 'console=ttyS0 quiet'),
  ];
  return domainXml(options, {arch: 'x86_64', machine: 'pc', memoryMiB: 128, os});
}

/** ACPI is on for a PC: without it neither the power button nor the guest's own power off works. */
function domainXml(options: GuestOptions, parts: GuestParts): string {
  const type = element('type', {arch: parts.arch, machine: parts.machine}, 'hvm');
  return writeXml(
    element('domain', {type: 'qemu'}, [
      element('name', {}, options.name),
      textElement('uuid', options.uuid),
      element('memory', {unit: 'MiB'}, String(parts.memoryMiB)),
      element('vcpu', {}, '1'),
      element('os', {}, [type, ...(parts.os ?? [])]),
      parts.arch === 'x86_64' ? element('features', {}, [element('acpi')]) : undefined,
      element('on_poweroff', {}, 'destroy'),
      element('on_reboot', {}, 'restart'),
      element('on_crash', {}, 'destroy'),
      element('devices', {}, [
        textElement('emulator', options.emulator),
        ...(parts.devices ?? []),
        element('serial', {type: 'pty'}, [element('target', {port: 0})]),
        element('console', {type: 'pty'}, [element('target', {type: 'serial', port: 0})]),
      ]),
    ]),
  );
}

function userNetwork(model: string): XmlNode {
  return element('interface', {type: 'user'}, [element('model', {type: model})]);
}
