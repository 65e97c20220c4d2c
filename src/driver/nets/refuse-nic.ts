import {VirtError} from '../../base/virt-error.ts';
import {isDeviceName, type NetDevice} from './net-facts.ts';
import type {NicPlanContext} from './nic-plan.ts';
import type {LinkedNic} from './resolve-nic.ts';

/** The error for an interface that the host cannot connect. */
export function cannotConnect(
  {mac}: LinkedNic,
  {domain}: Pick<NicPlanContext, 'domain'>,
  why: string,
  hint: string,
): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot connect interface ${mac} of domain '${domain}': ${why}`, {
    hint,
  });
}

/** The path of `ip`. @throws {VirtError} CONFIG_UNSUPPORTED where it is missing */
export function requireIp(nic: LinkedNic, context: NicPlanContext): string {
  const {ip} = context.facts.programs;
  if (ip !== undefined) return ip;
  throw cannotConnect(nic, context, "this host has no 'ip'", "install iproute2 (on Fedora and RHEL: 'iproute')");
}

/** What tap devices are made with. @throws {VirtError} CONFIG_UNSUPPORTED */
export function requireTun(nic: LinkedNic, context: NicPlanContext): void {
  const tap = nic.backend?.tap;
  if (tap !== undefined && tap !== '/dev/net/tun') {
    throw cannotConnect(nic, context, `<backend tap='${tap}'/>: 'ip' and QEMU open /dev/net/tun`, 'leave tap= out');
  }
  if (context.facts.hasTun) return;
  throw cannotConnect(nic, context, 'there is no /dev/net/tun', "load it: 'modprobe tun'");
}

/** A device that has to be there. @throws {VirtError} CONFIG_UNSUPPORTED */
export function requireDevice(
  name: string,
  what: string,
  hint: string,
  nic: LinkedNic,
  context: NicPlanContext,
): NetDevice {
  const device = context.facts.devices.get(name);
  if (device) return device;
  throw cannotConnect(nic, context, `there is no ${what} '${name}'`, hint);
}

/** A name for a device that is made. @throws {VirtError} CONFIG_UNSUPPORTED for one that the kernel refuses, or that is taken */
export function requireNewName(name: string, nic: LinkedNic, context: NicPlanContext): string {
  if (!isDeviceName(name)) {
    const why = `'${name}' is no name for a network device: it has at most 15 bytes without blanks, '/', ':' and '%'`;
    throw cannotConnect(nic, context, why, "give it another <target dev='NAME'/>, or none");
  }
  if (!context.facts.devices.has(name)) return name;
  throw cannotConnect(
    nic,
    context,
    `there is a network device '${name}' already`,
    `give it another <target dev='NAME'/>, or say that the device is yours: <target dev='${name}' managed='no'/>`,
  );
}
