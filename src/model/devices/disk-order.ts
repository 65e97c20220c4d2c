import type {DeviceDef} from './device-def.ts';
import {type DiskBus, targetIndex} from './disk-target.ts';

interface Target {
  readonly target: {readonly dev: string; readonly bus: DiskBus};
}

/**
 * Disks in libvirt's order, by which the first of each kind is booted from: the buses as they come, and on each the
 * disks by their targets' letters.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainDiskInsert
 */
export function orderDisks<Disk extends Target>(disks: readonly Disk[]): readonly Disk[] {
  const buses = [...new Set(disks.map(({target}) => target.bus))];
  const place = ({target}: Disk) => [buses.indexOf(target.bus), targetIndex(target.dev) ?? 0] as const;
  return disks.toSorted((a, b) => {
    const [[busA, indexA], [busB, indexB]] = [place(a), place(b)];
    return busA - busB || indexA - indexB;
  });
}

/** The devices with their disks in order, before the others. */
export function disksFirst(devices: readonly DeviceDef[]): readonly DeviceDef[] {
  const disks = devices.filter(device => device.kind === 'disk');
  return [...orderDisks(disks), ...devices.filter(device => device.kind !== 'disk')];
}
