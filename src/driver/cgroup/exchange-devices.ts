import type {DomainDef} from '../../model/domain-def.ts';
import {type DeviceRule, deviceOf, mergeRules} from '../../security/cgroup/device-rule.ts';
import {devicesFor} from './prepare-cgroup.ts';

/** Lists of a guest that runs while one of its devices becomes another. */
export interface ExchangedDevices {
  /** With both of them, for as long as the emulator changes over. */
  readonly during: readonly DeviceRule[];
  /** Without the one that is gone. */
  readonly after: readonly DeviceRule[];
}

/**
 * Plans the lists for a change of a guest that runs. What qemu.conf gives stays as it was at the start.
 *
 * @param current  its list now
 * @param gone  a definition of the part alone that goes
 * @param next  the definition after the change
 */
export function exchangeDevices(current: readonly DeviceRule[], gone: DomainDef, next: DomainDef): ExchangedDevices {
  const needed = ownDevices(next);
  const isNeeded = new Set(needed.map(deviceOf));
  const isGone = new Set(ownDevices(gone).map(deviceOf));
  const stays = current.filter(rule => !isGone.has(deviceOf(rule)) || isNeeded.has(deviceOf(rule)));
  return {during: mergeRules([...current, ...needed]), after: mergeRules([...stays, ...needed])};
}

/** Without those that every guest may open. */
function ownDevices(def: DomainDef): readonly DeviceRule[] {
  return devicesFor(def, {deviceNodes: []});
}
