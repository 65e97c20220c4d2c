import {ARCH_WORD_SIZES, isArchName} from './arch.ts';
import type {Capabilities, EmulatorCaps, HostInfo, MachineInfo} from './capabilities.ts';
import {formatHost} from './host-xml.ts';
import {element, writeXml, type XmlNode} from './xml/write-xml.ts';

/** One architecture that a guest can have, with the emulator that runs it. */
interface GuestArch {
  readonly path: string;
  readonly caps: EmulatorCaps;
}

/**
 * What this host can run, as libvirt's capabilities XML.
 * There is one `<guest>` for each architecture, sorted by name, with the first emulator (by path) that was probed for it;
 * a domain of type `kvm` is offered only where the host lets us use KVM and the guest is of the host's own family.
 *
 * @see libvirt 9.0.0, src/conf/capabilities.c, virCapabilitiesFormatXML, and docs/formatcaps
 */
export function formatCapabilitiesXml(capabilities: Capabilities): string {
  const guests = guestArches(capabilities).map(guest => formatGuest(guest, capabilities.host));
  const parts = [formatHost(capabilities.host), ...guests].map(part => indent(writeXml(part)));
  return ['<capabilities>\n\n', ...parts.map(part => `${part}\n`), '</capabilities>\n'].join('');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function guestArches({emulators}: Capabilities): readonly GuestArch[] {
  const byArch = new Map<string, GuestArch>();
  for (const emulator of emulators) {
    if (emulator.status !== 'ok' || !isArchName(emulator.caps.arch)) continue;
    if (!byArch.has(emulator.caps.arch)) byArch.set(emulator.caps.arch, {path: emulator.path, caps: emulator.caps});
  }
  return [...byArch.values()].sort((a, b) => (a.caps.arch < b.caps.arch ? -1 : 1));
}

function formatGuest({path, caps}: GuestArch, host: HostInfo): XmlNode {
  return element('guest', {}, [
    element('os_type', {}, 'hvm'),
    element('arch', {name: caps.arch}, [
      element('wordsize', {}, String(isArchName(caps.arch) ? ARCH_WORD_SIZES[caps.arch] : 64)),
      element('emulator', {}, path),
      ...caps.machines.map(machine => formatMachine(machine)),
      element('domain', {type: 'qemu'}),
      canUseKvm(caps, host) ? element('domain', {type: 'kvm'}) : undefined,
    ]),
  ]);
}

function formatMachine(machine: MachineInfo): XmlNode {
  const {name, aliasOf: canonical, maxCpus, deprecated} = machine;
  return element('machine', {canonical, maxCpus, deprecated: deprecated ? 'yes' : undefined}, name);
}

/** KVM runs guests of the host's architecture, and those of its 32-bit part. */
const KVM_GUESTS: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['x86_64', 'i686'],
  i686: ['i686'],
  aarch64: ['aarch64', 'armv7l'],
  ppc64: ['ppc64', 'ppc'],
  ppc64le: ['ppc64', 'ppc64le'],
};

function canUseKvm(caps: EmulatorCaps, host: HostInfo): boolean {
  const guests = KVM_GUESTS[host.arch] ?? [host.arch];
  return caps.kvmBuiltIn && host.kvm.usable && guests.includes(caps.arch);
}
