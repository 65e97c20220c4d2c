import type {InterfaceDef} from '../../../model/devices/interface.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {bracketed} from './chardev.ts';
import {cannotGive, pairValue} from './refuse.ts';

/** One half of a `-net` pair: what it is, with the options of that. */
interface HostSide {
  readonly type: 'user' | 'tap' | 'socket';
  readonly options: OptionRecord;
}

/**
 * Two options for each interface, the guest's adapter and the host's side, on a VLAN of their own. Where the emulator
 * takes names, both get one that counts among its own kind, as libvirt gives them: `e1000.0`, `tap.1`.
 */
export function buildLegacyInterfaces(input: ArgvInput): QemuArg[] {
  const interfaces = devicesOf(input.def, 'interface');
  if (interfaces.length === 0) return [optionsArg('-net', {}, {key: 'type', value: 'none'})];
  const nextName = input.caps.flags.has('net-name') ? countNames() : () => undefined;
  return interfaces.flatMap((nic, vlan) => {
    const host = hostSide(nic, input);
    const adapter = {macaddr: nic.mac, vlan, model: nic.model, name: nextName(nic.model ?? 'nic')};
    return [
      optionsArg('-net', adapter, {key: 'type', value: 'nic'}),
      optionsArg('-net', {...host.options, vlan, name: nextName(host.type)}, {key: 'type', value: host.type}),
    ];
  });
}

function countNames(): (prefix: string) => string {
  const counts = new Map<string, number>();
  return prefix => {
    const count = counts.get(prefix) ?? 0;
    counts.set(prefix, count + 1);
    return `${prefix}.${count}`;
  };
}

function hostSide(nic: InterfaceDef, input: ArgvInput): HostSide {
  const pair = (value: string | undefined) => pairValue(value, `network interface ${nic.mac}`, input);
  switch (nic.type) {
    case 'user':
      return {type: 'user', options: {}};
    case 'ethernet':
    case 'network':
    case 'bridge':
      // The script connects it: the driver's own taps come with descriptors, which a line to be run by hand cannot have.
      return {type: 'tap', options: {ifname: pair(nic.target?.dev), script: pair(nic.script)}};
    case 'server':
      return {type: 'socket', options: {listen: endOf(nic.source)}};
    case 'client':
      return {type: 'socket', options: {connect: endOf(nic.source)}};
    case 'mcast':
      return {type: 'socket', options: {mcast: endOf(nic.source)}};
    default:
      throw cannotGive(`network interface ${nic.mac}`, `this emulator has no network of type '${nic.type}'`, input);
  }
}

function endOf(source: {readonly address?: string; readonly port?: number} | undefined): string {
  return `${bracketed(source?.address ?? '')}:${source?.port ?? ''}`;
}
