import {type DomainDef, devicesOf} from '../model/domain-def.ts';
import type {MonitorCommand} from './preparation.ts';

/**
 * How often the emulator asks the guest for its memory statistics, as commands for the monitor: the device has no
 * property for it that could be on the command line.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_monitor_json.c, qemuMonitorJSONSetMemoryStatsPeriod
 */
export function planBalloonPeriod(def: DomainDef): readonly MonitorCommand[] {
  return devicesOf(def, 'memballoon').flatMap(({alias, model, statsPeriodSeconds: seconds}) => {
    if (!seconds || alias === undefined || model === 'none') return [];
    const path = `/machine/peripheral/${alias}`;
    return [{execute: 'qom-set', arguments: {path, property: 'guest-stats-polling-interval', value: seconds}}];
  });
}
