import {BRIDGE_ACL} from './bridge-acl.ts';
import {type NicPlan, type NicPlanContext, queuesOf} from './nic-plan.ts';
import {withTarget} from './plan-tap.ts';
import {cannotConnect, requireDevice} from './refuse-nic.ts';
import type {LinkedNic, NicLink} from './resolve-nic.ts';

/**
 * A bridge, through QEMU's own helper, which gets root's rights when it is executed: neither the sandbox nor
 * `no_new_privs` let that happen, so the guest runs without both.
 *
 * @param isAllowed  what the helper's file says; undefined where it may not be read
 */
export function planBridgeHelper(
  nic: LinkedNic,
  {bridge}: Extract<NicLink, {readonly to: 'bridge'}>,
  isAllowed: boolean | undefined,
  context: NicPlanContext,
): NicPlan {
  const helper = context.facts.programs.bridgeHelper;
  const otherwise = "or use <interface type='user'>";
  if (helper === undefined) {
    const why = "only root connects bridges without QEMU's qemu-bridge-helper, and this host has none";
    throw cannotConnect(
      nic,
      context,
      why,
      `install it (Debian: qemu-system-common; Fedora: qemu-common), ${otherwise}`,
    );
  }
  requireDevice(bridge, 'bridge', "see 'ip link show type bridge' for those that are there", nic, context);
  if (isAllowed === false) {
    const hint = `have root write 'allow ${bridge}' into ${BRIDGE_ACL}, ${otherwise}`;
    throw cannotConnect(nic, context, `${BRIDGE_ACL} does not allow users the bridge '${bridge}'`, hint);
  }
  const {target: _, ...rest} = nic;
  return {
    nic: rest,
    side: {is: 'bridge-helper', bridge, helper},
    steps: [],
    takeBacks: [],
    files: [],
    warnings: [
      `runs without QEMU's system call filter and without no_new_privs: ${helper}, which connects '${bridge}', needs root's rights`,
    ],
  };
}

/** A device that somebody made for the guest. @throws {VirtError} CONFIG_UNSUPPORTED where it is not, or is of another kind */
export function planExisting(nic: LinkedNic, name: string, context: NicPlanContext): NicPlan {
  if (name === '') {
    throw cannotConnect(
      nic,
      context,
      "<target managed='no'/> has no dev",
      "name the device: <target dev='NAME' managed='no'/>",
    );
  }
  const hint = `make it: 'ip tuntap add dev ${name} mode tap user USER'`;
  const {kind} = requireDevice(name, 'network device', hint, nic, context);
  const common = {nic: withTarget(nic, name), steps: [], takeBacks: []};
  if (kind === 'tap') return {...common, side: {is: 'tap', dev: name}, files: []};
  if (kind === 'macvtap') return {...common, files: Array.from({length: queuesOf(nic)}, () => ({macvtap: name}))};
  throw cannotConnect(nic, context, `'${name}' is neither a tap nor a macvtap device`, hint);
}
