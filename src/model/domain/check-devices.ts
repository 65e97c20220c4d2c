import {type ChardevDef, PORT_NOT_GIVEN} from '../devices/chardev.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import type {DiskDef} from '../devices/disk.ts';
import {drivePlace} from '../devices/drive-place.ts';
import {checkSmallDevices} from './check-small-devices.ts';
import type {ReadDevice} from './read-device.ts';

/** Reports what only shows when all devices of a domain are seen together, each at the element that is one too many. */
export function checkDevices(devices: readonly ReadDevice[]): void {
  checkDisks(devices.filter((read): read is ReadDevice<DiskDef> => read.device.kind === 'disk'));
  checkChardevs(devices.filter(isChardev));
  checkSmallDevices(devices);
  for (const [kind, isParsers] of SINGLE) {
    const [, second] = devices.filter(({device}) => device.kind === kind);
    const message = `there is a second <${kind}>: a domain has one at most`;
    if (isParsers) second?.reader.error(message);
    else second?.reader.schemaError(message);
  }
}

/** Whether already the parser refuses a second one. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefParseXML; of watchdogs 9.1 takes several. */
const SINGLE: readonly (readonly [kind: DeviceDef['kind'], isParsers: boolean])[] = [
  ['memballoon', true],
  ['nvram', true],
  ['iommu', true],
  ['vsock', true],
  ['redirfilter', true],
  ['watchdog', false],
];

function isChardev(read: ReadDevice): read is ReadDevice<ChardevDef> {
  return read.device.kind === 'serial' || read.device.kind === 'console';
}

function checkDisks(disks: readonly ReadDevice<DiskDef>[]): void {
  const byTarget = new Map<string, DiskDef>();
  const byPlace = new Map<string, DiskDef>();
  for (const {device, reader} of disks) {
    const {dev, bus} = device.target;
    const address = drivePlace(device);
    const place = address
      ? [bus, address.controller, address.bus, address.target, address.unit].join(' ')
      : `${bus} ${dev}`;
    const at = reader.child('target') ?? reader;
    const twin = byTarget.get(dev);
    const neighbour = byPlace.get(place);
    if (twin) at.error(`two disks have the target '${dev}': ${sourceName(twin)} and ${sourceName(device)}`, 'dev');
    else if (neighbour)
      at.error(`the targets '${neighbour.target.dev}' and '${dev}' are the same place on the ${bus} bus`, 'dev');
    else if (bus === 'ide' && address && address.controller > 0) {
      at.error(`the target '${dev}' is beyond the four drives of IDE ('hda' to 'hdd')`, 'dev');
    }
    byTarget.set(dev, device);
    byPlace.set(place, device);
  }
}

function sourceName(disk: DiskDef): string {
  const {source} = disk;
  if (!source) return 'an empty drive';
  return 'path' in source ? `'${source.path}'` : `one of type '${source.type}'`;
}

function checkChardevs(chardevs: readonly ReadDevice<ChardevDef>[]): void {
  const ports = new Set<number>();
  const serials = chardevs.filter(({device}) => device.kind === 'serial');
  for (const {device, reader} of serials) {
    if (ports.has(device.port) && device.port !== PORT_NOT_GIVEN) {
      const message = `two serial lines have the port ${device.port}: the emulator will refuse the second`;
      (reader.child('target') ?? reader).warn(message, 'port');
    }
    ports.add(device.port);
  }
  const [first, ...rest] = chardevs.filter(({device}) => device.kind === 'console');
  for (const {device, reader} of rest) {
    if (device.kind === 'console' && device.targetType === 'serial') {
      reader.error("only the first console can be a serial line: give this one <target type='virtio'/>");
    }
  }
  if (first && serials[0]) warnAboutSecondSource(serials[0].device, first);
}

/** The first console is the first serial line: what it says otherwise is lost, so it is said. */
function warnAboutSecondSource(line: ChardevDef, {device, reader}: ReadDevice<ChardevDef>): void {
  if (device.kind !== 'console' || device.targetType !== 'serial') return;
  if (device.source.type !== line.source.type) {
    reader.warn(
      `the first console is the first serial line: its type is '${line.source.type}', not '${device.source.type}'`,
    );
  } else if (device.log && device.log.file !== line.log?.file) {
    reader.warn('the first console is the first serial line: the <log> of the console is ignored');
  }
}
