import type {DeviceDef} from '../devices/device-def.ts';
import type {ReadDevice} from './read-device.ts';

/**
 * Reports where sounds and panics of a domain do not fit together, each at the element that is wrong.
 *
 * @see libvirt 9.0.0, src/conf/domain_validate.c and src/conf/domain_conf.c, virDomainDefParseXML
 */
export function checkSmallDevices(devices: readonly ReadDevice[]): void {
  checkAudio(devices);
  checkPanics(devices);
}

/** The backend that a domain without any gets. */
const IMPLICIT_AUDIO = 1;

function checkAudio(devices: readonly ReadDevice[]): void {
  const ids = new Set<number>();
  for (const {device, reader} of devices) {
    if (device.kind !== 'audio') continue;
    if (ids.has(device.id)) reader.error(`two audio backends have the id ${device.id}`, 'id');
    ids.add(device.id);
  }
  if (ids.size === 0) ids.add(IMPLICIT_AUDIO);
  for (const {device, reader} of devices) {
    const id = audioIdOf(device);
    if (id === undefined || ids.has(id)) continue;
    reader
      .child('audio')
      ?.error(`there is no audio backend with the id ${id}: add <audio id='${id}' type='none'/>`, 'id');
  }
}

function audioIdOf(device: DeviceDef): number | undefined {
  if (device.kind === 'sound') return device.audioId;
  if (device.kind !== 'graphics') return undefined;
  return device.type === 'vnc' || device.type === 'dbus' ? device.audioId : undefined;
}

function checkPanics(devices: readonly ReadDevice[]): void {
  const models = new Set<string>();
  for (const {device, reader} of devices) {
    if (device.kind !== 'panic') continue;
    const model = device.model ?? 'isa';
    if (models.has(model)) reader.error(`two panic devices have the model '${model}'`);
    models.add(model);
  }
}
