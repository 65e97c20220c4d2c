import type {GraphicsDef} from '../../../model/devices/graphics.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type QemuArg, textArg} from '../qemu-arg.ts';
import {refusal} from './device-context.ts';
import {buildSpiceArgs} from './spice.ts';
import {buildVncArgs} from './vnc.ts';

/** Adapters of boards that know no standard VGA. Source: QEMU 7.2, hw/sparc/sun4m.c. */
const ADAPTERS: Readonly<Record<string, string>> = {sparc: 'tcx'};

/** A screen with an adapter behind it, so that there is something to see. Windows and the like are `-display`. */
export function buildGraphicsArgs(graphics: GraphicsDef, input: ArgvInput): readonly QemuArg[] {
  const [first, ...others] = devicesOf(input.def, 'graphics');
  if (others.some(({type}) => type === first?.type)) throw refused(`there are two of type '${first?.type}'`, input);
  if ('listens' in graphics && graphics.listens.length > 1) throw refused('with QEMU it has one <listen>', input);
  const adapter =
    graphics === first && devicesOf(input.def, 'video').length === 0
      ? [textArg('-vga', ADAPTERS[input.def.os.arch] ?? 'std')]
      : [];
  return [...screen(graphics, input), ...adapter];
}

function screen(graphics: GraphicsDef, input: ArgvInput): readonly QemuArg[] {
  switch (graphics.type) {
    case 'vnc':
      return buildVncArgs(graphics, input);
    case 'spice':
      return buildSpiceArgs(graphics, input);
    case 'sdl':
    case 'egl-headless':
    case 'dbus':
      return [];
    case 'rdp':
    case 'desktop':
      throw refused(`QEMU has none of type '${graphics.type}'`, input);
  }
}

function refused(why: string, input: ArgvInput) {
  return refusal('screen', why, 'change its <graphics> in the domain XML', input);
}
