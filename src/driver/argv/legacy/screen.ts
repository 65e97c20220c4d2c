import {type GraphicsDef, type VncDef, vncListenAddress} from '../../../model/devices/graphics.ts';
import type {VideoDef} from '../../../model/devices/video.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bareArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {bracketed} from './chardev.ts';
import {cannotGive, withoutComma} from './refuse.ts';

type VideoType = NonNullable<NonNullable<VideoDef['model']>['type']>;

const FIRST_VNC_PORT = 5900;

/** The screen and the adapter behind it. */
export function buildLegacyScreen(input: ArgvInput): QemuArg[] {
  return [...devicesOf(input.def, 'graphics').flatMap(graphics => screen(graphics, input)), ...adapter(input)];
}

function screen(graphics: GraphicsDef, input: ArgvInput): readonly QemuArg[] {
  switch (graphics.type) {
    case 'vnc':
      return vncServer(graphics, input);
    case 'sdl':
      return [
        ...(graphics.fullscreen ? [bareArg('-full-screen')] : []),
        ...(input.caps.flags.has('sdl') ? [bareArg('-sdl')] : []),
      ];
    default:
      throw cannotGive(`screen of type '${graphics.type}'`, 'this emulator has none', input);
  }
}

function vncServer(vnc: VncDef, input: ArgvInput): readonly QemuArg[] {
  const words = [vncAddress(vnc, input), ...authWords(vnc, input)];
  const keymap = vnc.keymap === undefined ? [] : [textArg('-k', vnc.keymap)];
  return [textArg('-vnc', words.join(',')), ...keymap];
}

/** A port that is chosen at the start is the first display here: these emulators look for no other. */
function vncAddress(vnc: VncDef, input: ArgvInput): string {
  const [listen] = vnc.listens;
  if (listen?.type === 'socket' && listen.socket !== undefined) {
    return `unix:${withoutComma(listen.socket, 'VNC socket', input)}`;
  }
  const display = String(Math.max(vnc.port - FIRST_VNC_PORT, 0));
  return input.caps.flags.has('vnc-colon') ? `${bracketed(vncListenAddress(vnc))}:${display}` : display;
}

function authWords(vnc: VncDef, input: ArgvInput): readonly string[] {
  const auth = input.settings?.vnc;
  const words: string[] = [];
  if (auth?.password || vnc.passwd !== undefined) words.push('password');
  if (auth?.tls) {
    const {x509Dir, verify} = auth.tls;
    words.push('tls');
    if (x509Dir !== undefined) {
      words.push(`${verify ? 'x509verify' : 'x509'}=${withoutComma(x509Dir, 'VNC certificates', input)}`);
    }
  }
  if (auth?.sasl) words.push('sasl');
  return words;
}

/** The words of `-vga`. A screen of Xen is not an adapter. */
const VGA_WORDS: Readonly<Partial<Record<VideoType, string>>> = {
  vga: 'std',
  cirrus: 'cirrus',
  vmvga: 'vmware',
  qxl: 'qxl',
  none: 'none',
};

/** The flags of before `-vga`; Cirrus needs none. */
const OLD_FLAGS: Readonly<Partial<Record<VideoType, readonly QemuArg[]>>> = {
  vga: [bareArg('-std-vga')],
  vmvga: [bareArg('-vmwarevga')],
  cirrus: [],
};

/** Where the XML names no adapter, a guest with a screen has Cirrus and one without has none. */
function adapter(input: ArgvInput): readonly QemuArg[] {
  const {def, caps} = input;
  const [video, second] = devicesOf(def, 'video');
  if (second) throw cannotGive('second video adapter', 'this emulator has one', input);
  const byDefault = devicesOf(def, 'graphics').length > 0 ? 'cirrus' : 'none';
  const type = video ? (video.model?.type ?? 'cirrus') : byDefault;
  if (type === 'xen') return [];
  if (type === 'none') return caps.flags.has('vga-none') ? [textArg('-vga', 'none')] : [];
  const word = type === 'qxl' && !caps.flags.has('vga-qxl') ? undefined : VGA_WORDS[type];
  const args = caps.flags.has('vga') ? word && [textArg('-vga', word)] : OLD_FLAGS[type];
  if (args) return args;
  throw cannotGive(`video adapter '${type}'`, 'this emulator has none', input);
}
