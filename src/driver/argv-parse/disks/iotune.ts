import type {DiskDef} from '../../../model/devices/disk.ts';
import {type DiskLimit, THROTTLE_NAMES} from '../../argv/devices/throttle-names.ts';
import type {Pending} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';

/** The limits of a `throttle-group`, undefined where it is none, or says more. */
export function takeGroupLimits(object: Pending<OptionBag> | undefined): DiskDef['iotune'] {
  if (object?.backend.peek('qom-type') !== 'throttle-group') return undefined;
  const limits: Partial<Record<DiskLimit, bigint>> = {};
  const bag = object.backend.copy();
  bag.drop('qom-type', 'id');
  for (const [limit, modern] of THROTTLE_NAMES) {
    const name = modern.slice('throttling.'.length);
    for (const key of [`limits.${name}`, `x-${name}`]) {
      const value = bag.takeBig(key);
      if (value !== undefined) limits[limit] = value;
    }
  }
  return bag.rest.length > 0 ? undefined : limits;
}

/** How fast a disk may be; undefined when nothing is said. */
export function takeIotune(bag: OptionBag): DiskDef['iotune'] {
  const limits: Partial<Record<DiskLimit, bigint>> = {};
  for (const [limit, modern, legacy] of THROTTLE_NAMES) {
    for (const key of [modern, legacy]) {
      const value = bag.peek(key);
      if (value !== undefined && /^\d{1,18}$/.test(value)) limits[limit] = BigInt(bag.take(key) ?? value);
    }
  }
  const groupName = bag.take('throttling.group');
  const iotune = {...limits, ...(groupName === undefined ? {} : {groupName})};
  return Object.keys(iotune).length === 0 ? undefined : iotune;
}
