import {buildAccelArgs} from './accel-args.ts';
import {type ArgvInput, domainDirectory} from './argv-input.ts';
import {buildBootArgs} from './boot-args.ts';
import {buildClockArgs} from './clock-args.ts';
import {buildCpuArgs} from './cpu-args.ts';
import {buildDeviceArgs} from './devices/device-table.ts';
import {buildReservationArgs} from './devices/reservations.ts';
import {buildDisplayArgs} from './display-args.ts';
import {buildFirmwareArgs} from './firmware-args.ts';
import {buildGenerationArgs} from './generation-args.ts';
import {buildGlobalArgs} from './global-args.ts';
import {buildNameArgs, buildUuidArgs} from './identity-args.ts';
import {buildIothreadArgs} from './iothread-args.ts';
import {buildLaunchSecurityArgs} from './launch-security-args.ts';
import {buildLegacyArgv} from './legacy/build-legacy-argv.ts';
import {buildLifecycleArgs} from './lifecycle-args.ts';
import {withLiveScreens} from './live-screens.ts';
import {buildMachineArgs} from './machine-args.ts';
import {buildMemoryArgs} from './memory-args.ts';
import {buildMonitorArgs} from './monitor-args.ts';
import {buildNumaArgs} from './numa-args.ts';
import {buildPowerArgs} from './power-args.ts';
import {bareArg, optionsArg, type QemuArg, textArg} from './qemu-arg.ts';
import {buildCompatArgs, withCapabilities, withOverrides} from './qemu-namespace-args.ts';
import {buildSandboxArgs} from './sandbox-args.ts';
import {buildSmbiosArgs} from './smbios-args.ts';
import {buildSmpArgs} from './smp-args.ts';

/**
 * The whole command line of a domain, paused at its first instruction. Pure: nothing is looked up on the host.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for what this emulator cannot do, naming the device or setting
 */
export function buildArgv(input: ArgvInput): QemuArg[] {
  if (!input.caps.flags.has('qmp')) return buildLegacyArgv(input);
  return buildModernArgv({...input, caps: withCapabilities(input.caps, input.def)});
}

function buildModernArgv(given: ArgvInput): QemuArg[] {
  const input = {...given, def: withLiveScreens(given.def, domainDirectory(given), given.settings)};
  return [
    ...buildNameArgs(input),
    bareArg('-S'),
    ...buildCompatArgs(input),
    ...buildFirmwareArgs(input),
    ...buildMachineArgs(input),
    ...buildAccelArgs(input),
    ...buildCpuArgs(input),
    ...buildGlobalArgs(input),
    ...buildMemoryArgs(input),
    ...buildSmpArgs(input),
    ...buildIothreadArgs(input),
    ...buildNumaArgs(input),
    ...buildLaunchSecurityArgs(input),
    ...buildSmbiosArgs(input),
    ...buildUuidArgs(input),
    ...buildDisplayArgs(input),
    bareArg('-no-user-config'),
    bareArg('-nodefaults'),
    ...buildMonitorArgs(input),
    ...buildClockArgs(input),
    ...buildLifecycleArgs(input),
    ...buildPowerArgs(input),
    ...buildBootArgs(input),
    ...buildReservationArgs(input),
    ...withOverrides([...buildGenerationArgs(input), ...buildDeviceArgs(input)], input.def),
    ...(input.def.qemu?.commandline?.args ?? []).map(word => bareArg(word)),
    ...buildSandboxArgs(input),
    ...(input.settings?.migrateFrom === undefined ? [] : [textArg('-incoming', input.settings.migrateFrom)]),
    ...(input.caps.flags.has('msg-timestamp') ? [optionsArg('-msg', {timestamp: true})] : []),
    ...(input.paths.pidFile === undefined ? [] : [textArg('-pidfile', input.paths.pidFile)]),
  ];
}
