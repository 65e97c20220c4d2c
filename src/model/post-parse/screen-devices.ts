import type {AudioDef} from '../devices/audio.ts';
import type {VideoDef} from '../devices/video.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import type {CompletionFacts} from './completion-facts.ts';

type Adapter = NonNullable<VideoDef['model']>;

/** A screen needs an adapter, and every guest a place for its sound. Source: libvirt 9.0.0, src/qemu/qemu_domain.c. */
export function addScreenDevices(def: DomainDef): DomainDef {
  const screens = devicesOf(def, 'graphics');
  const video: VideoDef[] = screens.length > 0 && devicesOf(def, 'video').length === 0 ? [{kind: 'video'}] : [];
  const audio: AudioDef[] = devicesOf(def, 'audio').length === 0 ? [{kind: 'audio', id: 1, type: soundOf(def)}] : [];
  return {...def, devices: [...def.devices, ...video, ...audio]};
}

/** The sound goes the way of the screen; the host's own sound is not taken without being asked for. */
function soundOf(def: DomainDef): AudioDef['type'] {
  const types = devicesOf(def, 'graphics').map(({type}) => type);
  if (types.includes('spice')) return 'spice';
  if (types.includes('sdl')) return 'sdl';
  return types.includes('dbus') ? 'dbus' : 'none';
}

/** Gives every adapter a type, its memory and its heads; the first is the primary one. */
export function completeVideos(def: DomainDef, facts: CompletionFacts): DomainDef {
  const videos = devicesOf(def, 'video');
  const primary = videos.findIndex(({model}) => model?.primary);
  const first = Math.max(primary, 0);
  return {
    ...def,
    devices: def.devices.map(device =>
      device.kind === 'video' ? completeVideo(device, videos.indexOf(device) === first, facts) : device,
    ),
  };
}

function completeVideo(video: VideoDef, isPrimary: boolean, facts: CompletionFacts): VideoDef {
  const model = video.model ?? {};
  const type = model.type ?? usualAdapter(facts);
  if (type === 'none') return {...video, model: {...model, type}};
  const {primary: _, ...rest} = model;
  const named = type === undefined ? rest : {...rest, type};
  return {...video, model: {...withMemory(named), heads: model.heads ?? 1, ...(isPrimary ? {primary: true} : {})}};
}

function usualAdapter({devices}: CompletionFacts): Adapter['type'] | undefined {
  if (devices.has('cirrus-vga')) return 'cirrus';
  return devices.has('VGA') ? 'vga' : undefined;
}

const QXL_KIB = {ramKiB: 65536, vramKiB: 65536, vgamemKiB: 16384};

/** Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainVideoDefaultRAM, and qemu_domain.c for QXL. */
function withMemory(model: Adapter): Adapter {
  switch (model.type) {
    case 'qxl':
      return {...QXL_KIB, ...model};
    case 'vga':
    case 'cirrus':
    case 'vmvga':
    case 'bochs':
      return {vramKiB: 16384, ...model};
    default:
      return model;
  }
}
