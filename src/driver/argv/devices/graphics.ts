import {type GraphicsDef, type VncDef, vncListenAddress} from '../../../model/devices/graphics.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {notYetSupported} from './device-context.ts';

const FIRST_VNC_PORT = 5900;
const LAST_VNC_DISPLAY = 99;

/** Adapters of boards that know no standard VGA. Source: QEMU 7.2, hw/sparc/sun4m.c. */
const ADAPTERS: Readonly<Record<string, string>> = {sparc: 'tcx'};

/** A screen over VNC with an adapter behind it, so that there is something to see; or none. */
export function buildGraphicsArgs(graphics: GraphicsDef, input: ArgvInput): readonly QemuArg[] {
  if (graphics.type !== 'vnc') throw notYetSupported(`<graphics type='${graphics.type}'>`, input);
  const [listen] = graphics.listens;
  if (listen && listen.type !== 'address') throw notYetSupported(`<listen type='${listen.type}'>`, input);
  const keymap = graphics.keymap === undefined ? [] : [textArg('-k', graphics.keymap)];
  const adapter =
    devicesOf(input.def, 'video').length > 0 ? [] : [textArg('-vga', ADAPTERS[input.def.os.arch] ?? 'std')];
  return [vncArg(graphics), ...keymap, ...adapter];
}

/** The display of a port; without one, QEMU takes the first that is free. */
function vncArg(vnc: VncDef): QemuArg {
  const {port} = vnc;
  const listen = vncListenAddress(vnc);
  const host = listen.includes(':') ? `[${listen}]` : listen;
  const display = port < 0 ? 0 : port - FIRST_VNC_PORT;
  return optionsArg('-vnc', {to: port < 0 ? LAST_VNC_DISPLAY : undefined}, {key: 'vnc', value: `${host}:${display}`});
}
