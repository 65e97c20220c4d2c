import type {DiskDef} from '../../../model/devices/disk.ts';
import {type DomainDef, devicesOf} from '../../../model/domain-def.ts';
import {type ArgvInput, domainDirectory} from '../argv-input.ts';
import {optionsArg, type QemuArg} from '../qemu-arg.ts';
import {type ImageLayer, imageLayers} from './image-layers.ts';

/** The helper that the driver itself runs for a domain. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainGetManagedPRAlias. */
const MANAGED_ID = 'pr-helper0';

/** The socket of that helper. */
export function managedHelperSocket(runDir: string): string {
  return `${runDir}/${MANAGED_ID}.sock`;
}

/** QEMU's id of what asks a helper for persistent reservations of an image's LUN. */
export function reservationManagerId(layer: ImageLayer): string {
  return reservationsOf(layer)?.managed ? MANAGED_ID : `pr-helper-${layer.name}-storage`;
}

/** The connection to a helper that somebody else runs. */
export function ownReservationArgs(layer: ImageLayer): readonly QemuArg[] {
  const reservations = reservationsOf(layer);
  if (!reservations || reservations.managed) return [];
  return [helperArg(reservationManagerId(layer), reservations.source?.path ?? '')];
}

/** The connection to the driver's own helper, which all managed LUNs share. */
export function buildReservationArgs(input: ArgvInput): QemuArg[] {
  return hasManagedReservations(input.def) ? [helperArg(MANAGED_ID, managedHelperSocket(domainDirectory(input)))] : [];
}

/** Whether a disk of the domain needs the driver's own helper. */
export function hasManagedReservations(def: DomainDef): boolean {
  return devicesOf(def, 'disk').some(isManaged);
}

function isManaged(disk: DiskDef): boolean {
  const layer = imageLayers(disk);
  return layer !== undefined && (reservationsOf(layer)?.managed ?? false);
}

function reservationsOf({source}: ImageLayer) {
  return 'reservations' in source ? source.reservations : undefined;
}

function helperArg(id: string, path: string): QemuArg {
  return optionsArg('-object', {id, path}, {key: 'qom-type', value: 'pr-manager-helper'});
}
