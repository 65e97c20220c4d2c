import type {DeviceBase} from '../../../model/devices/device-base.ts';
import type {DeviceDef} from '../../../model/devices/device-def.ts';
import {videoOf} from '../screens/video.ts';

type Make = (base: DeviceBase) => DeviceDef;

function input(type: 'mouse' | 'tablet' | 'keyboard', bus: 'usb' | 'virtio'): Make {
  return base => ({kind: 'input', type, bus, ...base});
}

function sound(model: 'sb16' | 'es1370' | 'ac97' | 'ich6' | 'ich9' | 'usb'): Make {
  return base => ({kind: 'sound', model, ...base});
}

function video(type: Parameters<typeof videoOf>[0], primary = true): Make {
  return base => ({...videoOf(type, primary), ...base});
}

const balloon: Make = base => ({kind: 'memballoon', model: 'virtio', ...base});

/** Devices that are nothing but what they are. Source: libvirt 9.0.0, src/qemu/qemu_command.c, the names of each model. */
export const SIMPLE_DEVICES: Readonly<Record<string, Make>> = {
  'usb-tablet': input('tablet', 'usb'),
  'usb-mouse': input('mouse', 'usb'),
  'usb-kbd': input('keyboard', 'usb'),
  'virtio-tablet-pci': input('tablet', 'virtio'),
  'virtio-mouse-pci': input('mouse', 'virtio'),
  'virtio-keyboard-pci': input('keyboard', 'virtio'),
  sb16: sound('sb16'),
  ES1370: sound('es1370'),
  AC97: sound('ac97'),
  'intel-hda': sound('ich6'),
  'ich9-intel-hda': sound('ich9'),
  'usb-audio': sound('usb'),
  VGA: video('vga'),
  'cirrus-vga': video('cirrus'),
  'vmware-svga': video('vmvga'),
  'qxl-vga': video('qxl'),
  qxl: video('qxl', false),
  'virtio-vga': video('virtio'),
  'virtio-gpu-pci': video('virtio'),
  'bochs-display': video('bochs'),
  ramfb: video('ramfb'),
  i6300esb: base => ({kind: 'watchdog', model: 'i6300esb', action: 'reset', ...base}),
  ib700: base => ({kind: 'watchdog', model: 'ib700', action: 'reset', ...base}),
  diag288: base => ({kind: 'watchdog', model: 'diag288', action: 'reset', ...base}),
  'virtio-balloon': balloon,
  'virtio-balloon-pci': balloon,
  'virtio-balloon-ccw': balloon,
  pvpanic: base => ({kind: 'panic', model: 'isa', ...base}),
  'pvpanic-pci': base => ({kind: 'panic', model: 'pvpanic', ...base}),
  'usb-hub': base => ({kind: 'hub', type: 'usb', ...base}),
};
