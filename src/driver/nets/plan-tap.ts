import type {HostStep, TakeBack} from '../host-steps/host-step.ts';
import {type NicPlan, type NicPlanContext, queuesOf} from './nic-plan.ts';
import {cannotConnect, requireDevice, requireIp, requireNewName, requireTun} from './refuse-nic.ts';
import type {LinkedNic, NicLink} from './resolve-nic.ts';

type BridgeLink = Extract<NicLink, {readonly to: 'bridge'}>;

const BRIDGE_HINT =
  "virtty runs no networks and no DHCP: start the network ('virsh net-start NAME'), or make the bridge " +
  "('ip link add NAME type bridge && ip link set NAME up')";

/** A tap device that is a port of a bridge. @throws {VirtError} CONFIG_UNSUPPORTED for what the host has not */
export function planBridgePort(nic: LinkedNic, link: BridgeLink, name: string, context: NicPlanContext): NicPlan {
  const bridge = requireDevice(link.bridge, 'bridge', BRIDGE_HINT, nic, context);
  if (bridge.kind !== 'bridge') {
    throw cannotConnect(
      nic,
      context,
      `'${link.bridge}' is no bridge`,
      "for a card of the host: <interface type='direct'>",
    );
  }
  if (nic.script !== undefined || nic.downscript !== undefined) {
    throw cannotConnect(nic, context, '<script> is for an interface of type ethernet', 'take it out');
  }
  const mtu = nic.mtu ?? link.mtu;
  const made = makeTap(nic, name, ['mtu', String(mtu ?? bridge.mtu), 'master', link.bridge], context);
  const {ip} = made;
  const isolate = link.isolated
    ? [run(`isolate the port '${name}'`, ip, ['link', 'set', 'dev', name, 'type', 'bridge_slave', 'isolated', 'on'])]
    : [];
  return {
    nic: withTarget(mtu === undefined ? nic : {...nic, mtu}, name),
    side: {is: 'tap', dev: name},
    steps: [...made.steps, ...isolate, run(`set '${name}' up`, ip, ['link', 'set', 'dev', name, 'up'])],
    takeBacks: [made.takeBack],
    files: [],
  };
}

type EthernetNic = Extract<LinkedNic, {readonly type: 'ethernet'}>;

/** A tap device that a script, or somebody, connects. */
export function planEthernet(nic: EthernetNic, name: string, context: NicPlanContext): NicPlan {
  const mtu = nic.mtu === undefined ? [] : ['mtu', String(nic.mtu)];
  const made = makeTap(nic, name, mtu, context);
  const {script, downscript} = nic;
  const relative = [script, downscript].find(path => path !== undefined && !path.startsWith('/'));
  if (relative !== undefined) {
    throw cannotConnect(nic, context, `the script '${relative}' is no absolute path`, "begin it with '/'");
  }
  const up = script === undefined ? [] : [scriptStep(script, downscript, name)];
  const down: readonly TakeBack[] =
    downscript === undefined ? [] : [{what: 'script', path: downscript, dev: name, mark: context.mark}];
  return {
    nic: withTarget(nic, name),
    side: {is: 'tap', dev: name},
    steps: [
      ...made.steps,
      run(`set '${name}' up`, made.ip, ['link', 'set', 'dev', name, 'up']),
      ...hostAddresses(nic, name, made.ip),
      ...up,
    ],
    takeBacks: [...down, made.takeBack],
    files: [],
  };
}

interface MadeTap {
  readonly ip: string;
  readonly steps: readonly HostStep[];
  readonly takeBack: TakeBack;
}

/**
 * Makes a tap device for the emulator's user, marks it, and sets what is given. Its address differs from the guest's, or
 * the kernel would take frames of the guest for its own. Source: libvirt 9.0.0, src/util/virnetdevtap.c, virNetDevTapCreateInBridgePort.
 */
function makeTap(nic: LinkedNic, name: string, settings: readonly string[], context: NicPlanContext): MadeTap {
  const ip = requireIp(nic, context);
  requireTun(nic, context);
  requireNewName(name, nic, context);
  const {uid, mark} = context;
  const flags = [...(isVirtio(nic) ? ['vnet_hdr'] : []), ...(queuesOf(nic) > 1 ? ['multi_queue'] : [])];
  const add = ['tuntap', 'add', 'dev', name, 'mode', 'tap', 'user', String(uid), ...flags];
  const set = ['link', 'set', 'dev', name, 'alias', mark, 'address', tapAddress(nic.mac), ...settings];
  return {
    ip,
    steps: [
      {
        ...run(`make the tap device '${name}'`, ip, add),
        undo: {program: ip, args: ['link', 'delete', 'dev', name]},
      },
      run(`set up the tap device '${name}'`, ip, set),
    ],
    takeBack: {what: 'link', dev: name, mark, ip},
  };
}

/** The guest's address with another first byte: as high as can be, so that a bridge does not take it for its own. */
function tapAddress(mac: string): string {
  return `${mac.startsWith('fe') ? 'fa' : 'fe'}${mac.slice(2)}`;
}

function isVirtio({model}: LinkedNic): boolean {
  return model?.startsWith('virtio') ?? false;
}

/** Addresses and routes of the host's side. */
function hostAddresses({source}: EthernetNic, dev: string, ip: string): readonly HostStep[] {
  const addresses = (source?.ips ?? []).map(({address, prefix, peer}) => {
    const length = prefix === undefined ? '' : `/${prefix}`;
    const words = peer === undefined ? [`${address}${length}`] : [address, 'peer', `${peer}${length}`];
    return run(`give '${dev}' the address ${address}`, ip, ['address', 'add', ...words, 'dev', dev]);
  });
  const routes = (source?.routes ?? []).map(({address = 'default', prefix, netmask, gateway, metric}) => {
    const length = prefix ?? netmask;
    const via = gateway === undefined ? [] : ['via', gateway];
    const cost = metric === undefined ? [] : ['metric', String(metric)];
    const to = length === undefined ? address : `${address}/${length}`;
    return run(`add a route to ${address} on '${dev}'`, ip, ['route', 'add', to, ...via, 'dev', dev, ...cost]);
  });
  return [...addresses, ...routes];
}

/** As libvirt calls it: the name of the device alone. Source: libvirt 9.0.0, src/util/virnetdev.c, virNetDevRunEthernetScript. */
function scriptStep(script: string, downscript: string | undefined, dev: string): HostStep {
  const undo = downscript === undefined ? {} : {undo: {program: downscript, args: [dev]}};
  return {...run(`run the script of '${dev}'`, script, [dev]), ...undo};
}

function run(what: string, program: string, args: readonly string[]): Extract<HostStep, {readonly do: 'run'}> {
  return {do: 'run', what, command: {program, args}};
}

/** The interface with the name of the device that it got. */
export function withTarget<N extends LinkedNic>(nic: N, dev: string): N {
  return {...nic, target: {...nic.target, dev}};
}
