import type {HostStep, TakeBack} from '../host-steps/host-step.ts';
import {type NicPlan, type NicPlanContext, queuesOf} from './nic-plan.ts';
import {withTarget} from './plan-tap.ts';
import {cannotConnect, requireDevice, requireIp, requireNewName} from './refuse-nic.ts';
import type {LinkedNic, MacvtapMode, NicLink} from './resolve-nic.ts';

type DeviceLink = Extract<NicLink, {readonly to: 'device'}>;

/** What `ip` calls the modes. */
const MODES = {
  vepa: 'vepa',
  private: 'private',
  bridge: 'bridge',
  passthrough: 'passthru',
} as const satisfies Record<MacvtapMode, string>;

/** A macvtap device over a device of the host; the emulator gets it open. @throws {VirtError} CONFIG_UNSUPPORTED */
export function planMacvtap(nic: LinkedNic, link: DeviceLink, name: string, context: NicPlanContext): NicPlan {
  if (!context.isRoot) {
    const hint =
      "use <interface type='user'>, or have root make it: <interface type='ethernet'><target dev='NAME' managed='no'/>";
    throw cannotConnect(nic, context, 'only root makes macvtap devices', hint);
  }
  const ip = requireIp(nic, context);
  requireNewName(name, nic, context);
  const lower = chooseLower(nic, link, context);
  const {mark} = context;
  const mtu = nic.mtu ?? link.mtu;
  const own = lowerAddress(nic, lower, link.mode, ip);
  const add = [
    'link',
    'add',
    'link',
    lower.name,
    'name',
    name,
    'address',
    nic.mac,
    'type',
    'macvtap',
    'mode',
    MODES[link.mode],
  ];
  const size = mtu === undefined ? [] : ['mtu', String(mtu)];
  const steps: readonly HostStep[] = [
    ...own.steps,
    {
      do: 'run',
      what: `make the macvtap device '${name}' over '${lower.name}'`,
      command: {program: ip, args: add},
      undo: {program: ip, args: ['link', 'delete', 'dev', name]},
    },
    {
      do: 'run',
      what: `set '${name}' up`,
      command: {program: ip, args: ['link', 'set', 'dev', name, 'alias', mark, ...size, 'up']},
    },
  ];
  const live = nic.type === 'direct' ? {...nic, source: {...nic.source, dev: lower.name}} : nic;
  return {
    nic: withTarget(mtu === undefined ? live : {...live, mtu}, name),
    steps,
    takeBacks: [{what: 'link', dev: name, mark, ip}, ...own.takeBacks],
    files: Array.from({length: queuesOf(nic)}, () => ({macvtap: name})),
  };
}

interface Lower {
  readonly name: string;
  readonly address: string;
}

/** The first device that can take one more; one that is passed through takes one only. */
function chooseLower(nic: LinkedNic, {devs, mode}: DeviceLink, context: NicPlanContext): Lower {
  const hint = "see 'ip link' for those that are there";
  const known = devs.map(name => ({name, ...requireDevice(name, 'network device', hint, nic, context)}));
  const free = mode === 'passthrough' ? known.filter(({isUsed}) => !isUsed) : known;
  const [first] = free;
  const list = devs.map(name => `'${name}'`).join(', ');
  if (!first) throw cannotConnect(nic, context, `${list}: all are in use`, 'give it another device of the host');
  const up = free.find(({isUp}) => isUp);
  if (up) return up;
  throw cannotConnect(nic, context, `${list}: not up`, `set it up: 'ip link set ${first.name} up'`);
}

/** What is passed through bears the guest's address, and gets its own again. */
function lowerAddress(
  {mac}: LinkedNic,
  {name, address}: Lower,
  mode: MacvtapMode,
  ip: string,
): {readonly steps: readonly HostStep[]; readonly takeBacks: readonly TakeBack[]} {
  if (mode !== 'passthrough' || address === mac) return {steps: [], takeBacks: []};
  const set = (to: string) => ({program: ip, args: ['link', 'set', 'dev', name, 'address', to]});
  const what = `give '${name}' the address of the guest`;
  return {
    steps: [{do: 'run', what, command: set(mac), undo: set(address)}],
    takeBacks: [{what: 'address', dev: name, address, ip}],
  };
}
