import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {NativeDraft} from './native-draft.ts';
import {sdlScreen} from './screens/displays.ts';
import {addVideo} from './screens/video.ts';

/** Adds what the emulator shows when nothing is said about a screen: an SDL window with the board's adapter. */
export function addScreens(draft: NativeDraft): void {
  if (draft.graphics.length === 0 && !draft.noGraphic) draft.graphics.push(sdlScreen(draft));
  const {keymap} = draft;
  for (const screen of draft.graphics) {
    const takesKeymap = keymap !== undefined && (screen.type === 'vnc' || screen.type === 'spice');
    draft.devices.push(takesKeymap ? {...screen, keymap} : screen);
  }
  if (draft.graphics.length > 0 || draft.vga !== undefined) addVideo(draft);
  const hasVideo = draft.devices.some(({kind}) => kind === 'video');
  // Without a word the XML would get an adapter for the screen.
  if (draft.graphics.length > 0 && !hasVideo) draft.devices.push({kind: 'video', model: {type: 'none'}});
}

/**
 * Adds the serial line that `-nographic` puts on the terminal, as a pty: a domain has no terminal. The network card that
 * the emulator adds by itself is only told, as libvirt leaves it out. Source: QEMU 7.2, softmmu/vl.c, qemu_create_default_devices.
 */
export function addDefaults(draft: NativeDraft): void {
  const {terminalArg, devices, noDefaults} = draft;
  if (noDefaults) return;
  const hasLine =
    draft.portArgs.some(({option}) => option === '-serial') || devices.some(({kind}) => kind === 'serial');
  if (terminalArg && !hasLine) {
    devices.push({kind: 'serial', source: {type: 'pty'}, port: 0});
    draft.note(terminalArg, 'it puts the serial line on the terminal: the domain has it as a pty');
  }
  if (draft.netArgs.length === 0 && !draft.hasNic) {
    draft.notes.push({
      severity: 'warning',
      line: 0,
      column: 0,
      message: 'the emulator adds a network card by itself: the definition has none without an <interface>',
    });
  }
}

/**
 * Adds what the board has and the XML of libvirt says without being asked, so that a definition gives the guest nothing
 * else: the keyboard and mouse of a PC, no balloon, the panic device of pSeries and S/390, the interrupt controller of
 * an Arm board. An emulator called `qemu` is of before QEMU 1.0, and of the time in which the XML had no words for them.
 */
export function addImplied(draft: NativeDraft): void {
  const isOld = /(?:^|\/)qemu$/.test(draft.binary);
  const has = (test: (device: DeviceDef) => boolean) => draft.devices.some(test);
  if (draft.isX86 && !isOld) {
    draft.devices.push({kind: 'input', type: 'mouse', bus: 'ps2'}, {kind: 'input', type: 'keyboard', bus: 'ps2'});
  }
  if (draft.machine.startsWith('pseries')) {
    const screen = has(device => device.kind === 'graphics');
    if (screen)
      draft.devices.push({kind: 'input', type: 'keyboard', bus: 'usb'}, {kind: 'input', type: 'mouse', bus: 'usb'});
    draft.devices.push({kind: 'panic', model: 'pseries'});
  }
  if (!draft.usb && draft.noDefaults && !has(usesUsb)) {
    // Without a word the XML would get a USB controller.
    draft.devices.push({kind: 'controller', type: 'usb', index: 0, model: 'none'});
  }
  if (draft.arch === 's390x') draft.devices.push({kind: 'panic', model: 's390'});
  if (!isOld && !has(device => device.kind === 'memballoon')) draft.devices.push({kind: 'memballoon', model: 'none'});
  if (draft.arch === 'aarch64' && draft.machine.startsWith('virt')) draft.features.gic ??= {version: '2'};
}

/** What is plugged into USB, or is the bus. */
function usesUsb(device: DeviceDef): boolean {
  switch (device.kind) {
    case 'controller':
      return device.type === 'usb';
    case 'input':
      return device.bus === 'usb';
    case 'disk':
      return device.target.bus === 'usb';
    case 'hostdev':
      return device.host.type === 'usb';
    case 'sound':
      return device.model === 'usb';
    case 'serial':
      return device.target?.type === 'usb-serial';
    default:
      return device.kind === 'redirdev' || device.kind === 'hub' || device.kind === 'smartcard';
  }
}
