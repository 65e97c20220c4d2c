import type {GraphicsDef, SpiceDef, VncDef} from '../model/devices/graphics.ts';
import {type DomainDef, devicesOf} from '../model/domain-def.ts';
import type {ArgvSettings} from './argv/argv-input.ts';
import type {MonitorCommand} from './preparation.ts';

/**
 * The passwords of the screens, as commands for the monitor: on the command line everybody could read them.
 *
 * @param nowMs  wall clock; a password whose time is over is expired at once
 * @see libvirt 9.0.0, src/qemu/qemu_hotplug.c, qemuDomainChangeGraphicsPasswords
 */
export function planScreenPasswords(def: DomainDef, settings: ArgvSettings, nowMs: number): readonly MonitorCommand[] {
  return devicesOf(def, 'graphics')
    .filter(isProtected)
    .flatMap(screen => {
      const password = screen.passwd ?? settings[screen.type]?.password;
      return password === undefined ? [] : passwordCalls(screen, password, nowMs);
    });
}

function isProtected(screen: GraphicsDef): screen is VncDef | SpiceDef {
  return screen.type === 'vnc' || screen.type === 'spice';
}

function passwordCalls(
  {type: protocol, connected, passwd, passwdValidTo}: VncDef | SpiceDef,
  password: string,
  nowMs: number,
): readonly MonitorCommand[] {
  // Of the configuration's password there is no end.
  const time = passwd === undefined || passwdValidTo === undefined ? 'never' : expiry(passwdValidTo, nowMs);
  return [
    {execute: 'set_password', arguments: {protocol, password, ...(connected === undefined ? {} : {connected})}},
    {execute: 'expire_password', arguments: {protocol, time}},
  ];
}

/** Seconds since 1970, in UTC. */
function expiry(moment: string, nowMs: number): string {
  const endMs = Date.parse(`${moment}Z`);
  return endMs > nowMs ? String(Math.floor(endMs / 1000)) : 'now';
}
