import {type ConsoleDef, PORT_NOT_GIVEN, type SerialDef} from '../devices/chardev.ts';
import type {DeviceDef} from '../devices/device-def.ts';

/** What the first serial line and the first console have in common. */
type SharedPart = Pick<SerialDef, 'source' | 'log' | 'alias' | 'address'>;

function sharedPart({source, log, alias, address}: SerialDef | ConsoleDef): SharedPart {
  return {
    source,
    ...(log ? {log} : {}),
    ...(alias === undefined ? {} : {alias}),
    ...(address ? {address} : {}),
  };
}

function isSerial(device: DeviceDef): device is SerialDef {
  return device.kind === 'serial';
}

function isConsole(device: DeviceDef): device is ConsoleDef {
  return device.kind === 'console';
}

/**
 * Gives every serial line and parallel port a number and makes the first serial line and the first console one: a lone console of target
 * type `serial` creates the line, a lone line creates the console, and where both are given the line's source counts.
 * Consoles are numbered in their order.
 *
 * @see libvirt 9.0.0, src/conf/domain_postparse.c, virDomainDefAddConsoleCompat
 */
export function pairConsoles(devices: readonly DeviceDef[]): readonly DeviceDef[] {
  const others = devices.filter(device => !isSerial(device) && !isConsole(device));
  const serials = numberSerials(devices.filter(isSerial));
  const consoles = devices.filter(isConsole);
  const [line] = serials;
  const [first] = consoles;
  if (first?.targetType === 'serial' && !line) serials.push({kind: 'serial', ...sharedPart(first), port: 0});
  else if (first?.targetType === 'serial' && line) consoles[0] = consoleOf(line);
  else if (!first && line && isSoldered(line)) consoles.push(consoleOf(line));
  return [...numberParallels(others), ...serials, ...consoles.map((console, index) => ({...console, port: index}))];
}

/** A card or a plug is no console of its own accord. */
function isSoldered({target}: SerialDef): boolean {
  return target === undefined || !['usb-serial', 'pci-serial', 'isa-debug'].includes(target.type);
}

function consoleOf(line: SerialDef): ConsoleDef {
  return {kind: 'console', targetType: 'serial', ...sharedPart(line), port: 0};
}

/** Parallel ports are numbered as serial lines are. */
function numberParallels(devices: readonly DeviceDef[]): readonly DeviceDef[] {
  const ports = devices.flatMap(device => (device.kind === 'parallel' ? (device.target?.port ?? []) : []));
  let next = Math.max(-1, ...ports) + 1;
  return devices.map(device =>
    device.kind === 'parallel' && !device.target ? {...device, target: {port: next++}} : device,
  );
}

function numberSerials(serials: readonly SerialDef[]): SerialDef[] {
  let next = serials.reduce((highest, serial) => Math.max(highest, serial.port), -1) + 1;
  return serials.map(serial => (serial.port === PORT_NOT_GIVEN ? {...serial, port: next++} : serial));
}
