import type {VideoDef} from '../../../model/devices/video.ts';
import type {NativeDraft} from '../native-draft.ts';
import {ownProperty} from '../own-property.ts';

export type VideoModel = NonNullable<VideoDef['model']>;
export type VideoType = NonNullable<VideoModel['type']>;

/** The words of `-vga`. Source: QEMU 7.2, qemu-options.hx. */
const TYPES: Readonly<Record<string, VideoType>> = {
  std: 'vga',
  cirrus: 'cirrus',
  vmware: 'vmvga',
  qxl: 'qxl',
  xenfb: 'xen',
  virtio: 'virtio',
};

/** The memory that libvirt writes for an adapter, in KiB. Source: libvirt 4.5.0, src/conf/domain_conf.c, virDomainVideoDefaultRAM. */
const MEMORY: Readonly<Partial<Record<VideoType, VideoModel>>> = {
  vga: {vramKiB: 16384},
  cirrus: {vramKiB: 16384},
  vmvga: {vramKiB: 16384},
  qxl: {ramKiB: 65536, vramKiB: 65536, vgamemKiB: 16384},
};

/** An adapter of a type with libvirt's memory for it. */
export function videoOf(type: VideoType, primary: boolean): VideoDef {
  return {kind: 'video', model: {type, ...MEMORY[type], heads: 1, ...(primary ? {primary} : {})}};
}

/** The boards of QEMU 2.2 and later, whose usual adapter is no longer Cirrus. Source: QEMU 2.2 change log, "x86". */
const STD_BOARDS = /^(?:pc-)?q35|^pc-i440fx-(?:2\.(?:[2-9]|1\d)|[3-9]|1\d)/;

/** The adapter of `-vga`, or the board's own where there is a screen to show it on. */
export function addVideo(draft: NativeDraft): void {
  if (draft.devices.some(device => device.kind === 'video')) return;
  const {vga} = draft;
  if (vga === 'none' || (vga === undefined && (draft.graphics.length === 0 || draft.noDefaults))) return;
  const type = vga === undefined ? (STD_BOARDS.test(draft.machine) ? 'vga' : 'cirrus') : ownProperty(TYPES, vga);
  if (type === undefined) {
    const words = ['-vga', vga ?? ''];
    draft.keep({option: '-vga', value: vga ?? '', words, index: draft.kept.length, line: 0, column: 0});
    return;
  }
  draft.devices.push(videoOf(type, true));
}
