import {VirtError} from '../../base/virt-error.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {dbusAddress, dbusSocket, hasOwnBus} from '../argv/live-screens.ts';
import type {HostCommand, StepOwner} from '../host-steps/host-step.ts';
import {domainRunDir, guestRunDir, type InstancePaths} from '../instance-paths.ts';
import type {Preparation} from '../preparation.ts';

export interface DbusHost {
  readonly paths: InstancePaths;
  /** `dbus-daemon`; undefined: not installed. */
  readonly program: string | undefined;
  readonly confine: (command: HostCommand) => HostCommand;
  /** As whom it runs. */
  readonly owner: StepOwner;
}

/**
 * The message bus of a domain whose screen is on D-Bus and that names none: open to its owner, and nothing is started
 * over it.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when there is no dbus-daemon
 * @see libvirt 9.0.0, src/qemu/qemu_dbus.c; dbus-daemon(1)
 */
export function planDbusDaemon(def: DomainDef, host: DbusHost): Pick<Preparation, 'steps' | 'takeBacks'> {
  const runDir = domainRunDir(host.paths, def.uuid);
  const guestDir = guestRunDir(host.paths, def.uuid);
  const socket = dbusSocket(guestDir);
  if (!devicesOf(def, 'graphics').some(screen => hasOwnBus(screen, guestDir))) return {steps: [], takeBacks: []};
  if (host.program === undefined) throw notInstalled(def);
  const config = `${guestDir}/dbus.conf`;
  const pidFile = `${runDir}/dbus.pid`;
  const args = ['--nofork', '--nopidfile', '--nosyslog', `--config-file=${config}`];
  const command = host.confine({program: host.program, args});
  const what = `the message bus of domain '${def.name}'`;
  return {
    steps: [
      {do: 'write-file', path: config, text: configuration(socket), owner: host.owner},
      {do: 'start-helper', helper: {...command, what, socket, pidFile, logPath: `${runDir}/dbus.log`}},
    ],
    takeBacks: [{what: 'process', pidFile}],
  };
}

function configuration(socket: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>org.qemu</type>
  <listen>${dbusAddress(socket)}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}

function notInstalled({name}: DomainDef): VirtError {
  const what = `cannot start domain '${name}': its screen is on a message bus of its own, and there is no dbus-daemon here`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', what, {
    hint: "install it (apt install dbus-daemon, dnf install dbus-daemon), or say p2p='yes' or address='...' in <graphics>",
  });
}
