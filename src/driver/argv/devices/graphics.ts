import {type GraphicsDef, type VncDef, vncListenAddress} from '../../../model/devices/graphics.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {audioId} from './audio.ts';
import {notYetSupported} from './device-context.ts';

const FIRST_VNC_PORT = 5900;
const LAST_VNC_DISPLAY = 99;

/** Adapters of boards that know no standard VGA. Source: QEMU 7.2, hw/sparc/sun4m.c. */
const ADAPTERS: Readonly<Record<string, string>> = {sparc: 'tcx'};

/** A screen over VNC with an adapter behind it, so that there is something to see; or none. */
export function buildGraphicsArgs(graphics: GraphicsDef, input: ArgvInput): readonly QemuArg[] {
  if (graphics.type !== 'vnc') throw notYetSupported(`<graphics type='${graphics.type}'>`, input);
  const keymap = graphics.keymap === undefined ? [] : [textArg('-k', graphics.keymap)];
  const adapter =
    devicesOf(input.def, 'video').length > 0 ? [] : [textArg('-vga', ADAPTERS[input.def.os.arch] ?? 'std')];
  return [vncArg(graphics, input), ...keymap, ...adapter];
}

/** The display of a port, or a socket; without a port, QEMU takes the first that is free. */
function vncArg(vnc: VncDef, input: ArgvInput): QemuArg {
  refuseWishes(vnc, input);
  const options = {
    websocket: vnc.websocket,
    share: vnc.sharePolicy,
    'power-control': vnc.powerControl,
    audiodev: audioOf(vnc, input),
  };
  const [first] = vnc.listens;
  if (first?.type === 'socket') {
    if (first.socket === undefined) throw notYetSupported("<listen type='socket'> without a path", input);
    return optionsArg('-vnc', options, {key: 'vnc', value: `unix:${first.socket}`});
  }
  const {port} = vnc;
  const listen = vncListenAddress(vnc);
  const host = listen.includes(':') ? `[${listen}]` : listen;
  const display = port < 0 ? 0 : port - FIRST_VNC_PORT;
  const to = port < 0 ? LAST_VNC_DISPLAY : undefined;
  return optionsArg('-vnc', {to, ...options}, {key: 'vnc', value: `${host}:${display}`});
}

/** A screen that is to have a password must not be open to all. */
function refuseWishes({passwd, listens: [first]}: VncDef, input: ArgvInput): void {
  if (passwd !== undefined) throw notYetSupported("<graphics type='vnc' passwd=>", input);
  if (first?.type === 'network') throw notYetSupported("<listen type='network'>", input);
}

function audioOf({audioId: wanted}: VncDef, {def}: ArgvInput): string | undefined {
  const id = wanted ?? devicesOf(def, 'audio')[0]?.id;
  return id === undefined ? undefined : audioId(id);
}
