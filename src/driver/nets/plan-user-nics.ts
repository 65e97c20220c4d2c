import {VirtError} from '../../base/virt-error.ts';
import type {InterfaceDef} from '../../model/devices/interface.ts';
import type {NetSide} from '../argv/argv-input.ts';
import {aliasOf} from '../argv/devices/device-context.ts';
import type {HostStep, TakeBack} from '../host-steps/host-step.ts';

type UserNic = Extract<InterfaceDef, {readonly type: 'user'}>;

/** The user's own network in a program of its own. */
export interface PasstPlan {
  readonly side: NetSide;
  readonly step: HostStep;
  readonly takeBack: TakeBack;
}

export interface PasstContext {
  readonly domain: string;
  /** Where it is; absent where it is not installed. */
  readonly passt?: string;
  readonly runDir: string;
  /** The directory of the guest's processes in it: passt makes its socket there, as their user. */
  readonly guestDir: string;
  /** As whom it runs when root starts it: as the emulator does, so that they may talk. */
  readonly uid: number;
  readonly gid: number;
  readonly isRoot: boolean;
}

/** @see libvirt 9.0.0, src/qemu/qemu_passt.c, qemuPasstStart; passt(1) */
export function planPasst(nic: UserNic, context: PasstContext): PasstPlan {
  const {domain, passt, runDir, guestDir, uid, gid, isRoot} = context;
  if (passt === undefined) {
    const message = `cannot connect interface ${nic.mac} of domain '${domain}': this host has no 'passt'`;
    const hint = "install the package 'passt', or take <backend type='passt'/> out";
    throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', message, {hint});
  }
  const alias = aliasOf(nic);
  const socket = `${guestDir}/${alias}-passt.sock`;
  const pidFile = `${runDir}/${alias}-passt.stat`;
  const own = nic.backend?.logFile;
  const args = [
    '--foreground',
    '--one-off',
    '--socket',
    socket,
    ...(isRoot ? ['--runas', `${uid}:${gid}`] : []),
    ...option('--mac-addr', nic.mac),
    ...option('--mtu', nic.mtu),
    ...option('--interface', nic.source?.dev),
    ...option('--log-file', own),
    ...(nic.ips ?? []).flatMap(addressArgs),
    ...(nic.portForwards ?? []).map(forwardArg),
  ];
  const helper = {
    what: `passt for interface ${nic.mac}`,
    program: passt,
    args,
    socket,
    pidFile,
    logPath: `${runDir}/${alias}-passt.log`,
  };
  return {
    side: {is: 'stream', socket},
    step: {do: 'start-helper', helper},
    takeBack: {what: 'process', pidFile},
  };
}

function option(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [name, String(value)];
}

type Ip = NonNullable<InterfaceDef['ips']>[number];

/** passt takes a prefix of IPv4 only. */
function addressArgs({address, family, prefix}: Ip): readonly string[] {
  return ['--address', address, ...(family === 'ipv6' ? [] : option('--netmask', prefix))];
}

type PortForward = NonNullable<InterfaceDef['portForwards']>[number];

/** `--tcp-ports=192.0.2.1%eth0/22-23:2222,~30`, as one word: an exclusion may come first. */
function forwardArg({proto, address, dev, ranges}: PortForward): string {
  const where = `${address ?? ''}${dev === undefined ? '' : `%${dev}`}`;
  const ports = (ranges ?? []).map(({start, end, to, exclude}) => {
    const from = end === undefined ? String(start) : `${start}-${end}`;
    const length = end === undefined ? 0 : end - start;
    const target = to === undefined ? '' : `:${to}${end === undefined ? '' : `-${to + length}`}`;
    return `${exclude === true ? '~' : ''}${from}${target}`;
  });
  const list = ports.length === 0 ? 'all' : ports.join(',');
  return `--${proto}-ports=${where === '' ? '' : `${where}/`}${list}`;
}
