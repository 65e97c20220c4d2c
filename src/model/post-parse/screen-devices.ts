import type {AudioDef} from '../devices/audio.ts';
import type {VideoDef} from '../devices/video.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import type {CompletionFacts, HostAudio} from './completion-facts.ts';

type Adapter = NonNullable<VideoDef['model']>;

/** A screen needs an adapter, and almost every guest a place for its sound. Source: libvirt 9.0.0, src/qemu/qemu_domain.c. */
export function addScreenDevices(def: DomainDef, {hostAudio}: CompletionFacts): DomainDef {
  const screens = devicesOf(def, 'graphics');
  const video: VideoDef[] = screens.length > 0 && devicesOf(def, 'video').length === 0 ? [{kind: 'video'}] : [];
  const type = devicesOf(def, 'audio').length === 0 ? soundOf(def, hostAudio) : undefined;
  const audio: AudioDef[] = type === undefined ? [] : [{kind: 'audio', id: 1, type}];
  return {...def, devices: [...def.devices, ...video, ...audio]};
}

/**
 * The sound goes the way of the last screen that has one; the host's own sound is for windows on the host, and for
 * others only where the host's configuration lets them have it.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDefSuggestDefaultAudioBackend
 */
function soundOf(def: DomainDef, host: HostAudio | undefined): AudioDef['type'] | undefined {
  const screens = devicesOf(def, 'graphics').map(({type}) => type);
  const last = screens.findLast(type => type === 'vnc' || type === 'spice' || type === 'sdl');
  if (last === 'spice') return 'spice';
  const isHosts = last === 'vnc' ? host?.withVnc : screens.length === 0 ? host?.withoutScreen : true;
  return isHosts ? host?.type : 'none';
}

/** Gives every adapter a type, its memory and its heads; the primary one comes first. */
export function completeVideos(def: DomainDef, facts: CompletionFacts): DomainDef {
  const videos = devicesOf(def, 'video');
  const first = videos.find(({model}) => model?.primary) ?? videos[0];
  const ordered = first ? [first, ...videos.filter(video => video !== first)] : [];
  const others = def.devices.filter(({kind}) => kind !== 'video');
  return {...def, devices: [...others, ...ordered.map(video => completeVideo(video, video === first, facts))]};
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
