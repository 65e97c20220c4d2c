import {VirtError} from '../../../base/virt-error.ts';
import type {InterfaceDef} from '../../../model/devices/interface.ts';
import type {DomainDef} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {OptionRecord} from '../qemu-arg.ts';
import {isVirtioNic, nicDriverOptions} from './nic-driver.ts';

/** An interface whose host's side is a network device. */
export type TapInterface = Extract<InterfaceDef, {readonly type: 'network' | 'bridge' | 'direct' | 'ethernet'}>;

/** The script that QEMU runs when it may not run one. Source: QEMU 7.2, qemu-options.hx, "-netdev tap". */
const NO_SCRIPT = 'no';

/**
 * Type and options of `-netdev` for a tap device. Where nothing was prepared, the line is for a person who runs it by
 * hand: a bridge is connected by QEMU's own helper, others by a script or not at all.
 */
export function tapBackend(nic: TapInterface, alias: string, input: ArgvInput): readonly [string, OptionRecord] {
  const side = input.host?.nets?.get(alias);
  const common = {...queueOptions(nic, side?.is === 'descriptors'), ...vhostOptions(nic, alias, input)};
  const options = {...common, sndbuf: nic.sndbufBytes};
  switch (side?.is) {
    case 'tap':
      return ['tap', {ifname: side.dev, script: NO_SCRIPT, downscript: NO_SCRIPT, ...options}];
    case 'descriptors': {
      const [fd, ...more] = side.fds;
      return ['tap', {...(more.length === 0 ? {fd} : {fds: side.fds.join(':')}), ...options}];
    }
    case 'bridge-helper':
      return ['bridge', {br: side.bridge, helper: side.helper}];
    default:
      return nic.type === 'bridge' ? ['bridge', {br: nic.source.bridge}] : ['tap', {...byHand(nic), ...options}];
  }
}

function byHand({script, downscript, target}: TapInterface): OptionRecord {
  return {ifname: target?.dev, script: script ?? NO_SCRIPT, downscript: downscript ?? NO_SCRIPT};
}

function queueOptions(nic: TapInterface, areOpen: boolean): OptionRecord {
  const queues = nicDriverOptions(nic)?.queues ?? 1;
  return {queues: queues > 1 && !areOpen ? queues : undefined};
}

/**
 * In the kernel where that is possible, and only for KVM guests, as libvirt has it.
 * Source: libvirt 9.0.0, src/qemu/qemu_interface.c, qemuInterfaceOpenVhostNet.
 */
function vhostOptions(nic: TapInterface, alias: string, input: ArgvInput): OptionRecord {
  const {def, host} = input;
  const wished = nicDriverOptions(nic)?.name;
  const isWanted = wished === 'vhost';
  if (isWanted && !isVirtioNic(nic)) throw noVhost(nic, input, 'vhost serves virtio adapters only');
  if (!mayUseVhost(nic, def)) return {};
  const [fd, ...more] = host?.vhostFds?.get(alias) ?? [];
  if (fd === undefined && host?.vhostNet === false) {
    if (isWanted) throw noVhost(nic, input, 'there is no /dev/vhost-net that may be used');
    return {};
  }
  return {vhost: true, ...(more.length === 0 ? {vhostfd: fd} : {vhostfds: [fd, ...more].join(':')})};
}

/** Whether the kernel may do the work of an interface, if it can. */
export function mayUseVhost(nic: TapInterface, {type}: DomainDef): boolean {
  return type === 'kvm' && nicDriverOptions(nic)?.name !== 'qemu' && isVirtioNic(nic);
}

function noVhost({mac}: TapInterface, {def}: ArgvInput, why: string): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give interface ${mac} of domain '${def.name}' the driver 'vhost': ${why}`,
    {hint: "load it ('modprobe vhost_net'), or leave <driver name='vhost'> out"},
  );
}
