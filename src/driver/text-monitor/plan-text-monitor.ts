import {VirtError} from '../../base/virt-error.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {ChardevDef} from '../../model/devices/chardev.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';

/** How the monitor of an emulator without QMP is found: on the first pty that it makes. */
export interface TextMonitor {
  /** The chardevs with a pty besides the monitor, in the order in which the emulator makes them: `charserial0`. */
  readonly lines: readonly string[];
}

/**
 * The ptys of an emulator that answers no QMP; undefined for one that does. No name tells them apart: they are made in the
 * order monitor, serial lines, parallel ports, whatever the order of the options (QEMU 0.8.1 to 0.15, vl.c, main).
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a pty whose place in that order is not known
 */
export function planTextMonitor(def: DomainDef, caps: EmulatorCaps): TextMonitor | undefined {
  if (caps.flags.has('qmp')) return undefined;
  const channel = devicesOf(def, 'channel').find(({source}) => source.type === 'pty');
  const usb = devicesOf(def, 'serial').find(line => isOnPty(line) && line.target?.type === 'usb-serial');
  if (channel) throw notFound(def, 'a channel');
  if (usb) throw notFound(def, 'a serial line on USB');
  const serials = devicesOf(def, 'serial').toSorted((a, b) => a.port - b.port);
  const ports = devicesOf(def, 'parallel');
  return {lines: [...serials, ...ports].filter(isOnPty).map(({alias}) => `char${alias}`)};
}

/** What of a definition nobody can do over a text monitor, which tells neither a power-off nor a reboot; a sentence's part each. */
export function lostWishes({onPoweroff, onReboot}: DomainDef, caps: EmulatorCaps): readonly string[] {
  if (caps.flags.has('qmp')) return [];
  const why = 'its emulator, of before QMP, does not tell of it';
  const ends = onReboot !== 'restart' && caps.flags.has('no-reboot');
  return [
    ...(onPoweroff === 'destroy' ? [] : [`<on_poweroff>${onPoweroff}</on_poweroff> is 'destroy' here: ${why}`]),
    ...(onReboot === 'restart' || (ends && onReboot === 'destroy')
      ? []
      : [`<on_reboot>${onReboot}</on_reboot> is '${ends ? 'destroy' : 'restart'}' here: ${why}`]),
  ];
}

function isOnPty({source}: Pick<ChardevDef, 'source'>): boolean {
  return source.type === 'pty';
}

function notFound({name}: DomainDef, what: string): VirtError {
  const why = 'an emulator without QMP does not say which pty that is';
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot give domain '${name}' ${what} of type 'pty': ${why}`, {
    hint: "give it another type, e.g. <... type='unix'>",
  });
}

/**
 * The ptys that an emulator has named so far, in their order.
 *
 * @param printed  what it wrote on its standard error; may end inside a line
 */
export function parsePtyLines(printed: string): readonly string[] {
  return [...printed.matchAll(/^char device redirected to (\/dev\/pts\/\d+)(?= |\r?\n)/gm)].map(
    ([, path = '']) => path,
  );
}
