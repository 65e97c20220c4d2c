import type {DeviceDef} from '../model/devices/device-def.ts';
import type {DomainDef} from '../model/domain-def.ts';
import type {ArgvSettings} from './argv/argv-input.ts';
import {videoHelperSocket} from './argv/devices/video.ts';
import {dbusSocket, hasOwnBus} from './argv/live-screens.ts';
import {swtpmSocket} from './helpers/swtpm-plan.ts';

/**
 * What a start does beside a guest's command line for its screens and small devices, a sentence's part each: programs
 * that have to listen before, and what the monitor is told.
 *
 * @param runDir  the directory of the run
 */
export function besideLine(def: DomainDef, runDir: string, settings: ArgvSettings): readonly string[] {
  return def.devices.flatMap(device => besideDevice(device, runDir, settings));
}

function besideDevice(device: DeviceDef, runDir: string, settings: ArgvSettings): readonly string[] {
  switch (device.kind) {
    case 'tpm':
      return device.backend.type === 'emulator' ? [`a swtpm has to listen on ${swtpmSocket(runDir)}`] : [];
    case 'video':
      return device.driver?.name === 'vhostuser'
        ? [`a vhost-user-gpu has to listen on ${videoHelperSocket(device, runDir)}`]
        : [];
    case 'graphics':
      return besideScreen(device, runDir, settings);
    case 'memballoon':
      return device.statsPeriodSeconds ? ['the period of the balloon’s statistics is set over the monitor'] : [];
    default:
      return [];
  }
}

function besideScreen(
  screen: Extract<DeviceDef, {kind: 'graphics'}>,
  runDir: string,
  settings: ArgvSettings,
): readonly string[] {
  if (hasOwnBus(screen, runDir)) return [`a dbus-daemon has to listen on ${dbusSocket(runDir)}`];
  if (screen.type !== 'vnc' && screen.type !== 'spice') return [];
  const hasPassword = screen.passwd !== undefined || settings[screen.type]?.password !== undefined;
  return hasPassword ? [`the password of the ${screen.type} screen is set over the monitor`] : [];
}
