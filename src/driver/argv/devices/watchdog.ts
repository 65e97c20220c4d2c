import type {WatchdogDef} from '../../../model/devices/watchdog.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {pciPlace} from './device-place.ts';

/** The watchdog, and with the first one what all do; a dump is the driver's work, and the guest stands still for it. */
export function buildWatchdogArgs(watchdog: WatchdogDef, input: ArgvInput): readonly QemuArg[] {
  const all = devicesOf(input.def, 'watchdog');
  if (all.some(({action}) => action !== watchdog.action)) {
    throw refused('QEMU has one action for all its watchdogs, and they have different ones', input);
  }
  const action = watchdog.action === 'dump' ? 'pause' : watchdog.action;
  return [...device(watchdog, input), ...(all[0] === watchdog ? [textArg('-watchdog-action', action)] : [])];
}

function device(watchdog: WatchdogDef, input: ArgvInput): readonly QemuArg[] {
  if (watchdog.model === 'itco') return [chipset(input)];
  const driver = chooseDriver([watchdog.model], `watchdog '${watchdog.model}'`, input);
  return [deviceArg(driver, {id: aliasOf(watchdog), ...pciPlace(watchdog, input)})];
}

/** That of the ICH9 is always there; it has to be allowed to act. */
function chipset(input: ArgvInput): QemuArg {
  if (machineFamily(input.def, input.caps) !== 'q35') throw refused("only q35 boards have the watchdog 'itco'", input);
  return optionsArg('-global', {'ICH9-LPC.noreboot': false});
}

function refused(why: string, input: ArgvInput) {
  return refusal('watchdog', why, 'change the <watchdog> in the domain XML', input);
}
