import type {WatchdogDef} from '../../../model/devices/watchdog.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {pciPlace} from './device-place.ts';

/** The watchdog, and with the first one what it does; a dump is the driver's work, and the guest stands still for it. */
export function buildWatchdogArgs(watchdog: WatchdogDef, input: ArgvInput): readonly QemuArg[] {
  const driver = chooseDriver([watchdog.model], `watchdog '${watchdog.model}'`, input);
  const device = deviceArg(driver, {id: aliasOf(watchdog), ...pciPlace(watchdog, input)});
  if (devicesOf(input.def, 'watchdog')[0] !== watchdog || watchdog.action === 'reset') return [device];
  return [device, textArg('-watchdog-action', watchdog.action === 'dump' ? 'pause' : watchdog.action)];
}
