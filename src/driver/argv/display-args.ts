import type {GraphicsDef} from '../../model/devices/graphics.ts';
import {devicesOf} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {audioId} from './devices/audio.ts';
import {bareArg, optionsArg, type QemuArg} from './qemu-arg.ts';

/** `-display`: where the emulator itself draws; nowhere for a guest that is seen over the network, or not at all. */
export function buildDisplayArgs({def}: ArgvInput): QemuArg[] {
  const shown = devicesOf(def, 'graphics').flatMap(display);
  return shown.length > 0 ? shown : [optionsArg('-display', {}, {key: 'type', value: 'none'})];
}

function display(graphics: GraphicsDef): readonly QemuArg[] {
  switch (graphics.type) {
    case 'sdl':
      return [
        ...(graphics.fullscreen ? [bareArg('-full-screen')] : []),
        optionsArg('-display', {gl: graphics.gl?.enable}, {key: 'type', value: 'sdl'}),
      ];
    case 'egl-headless':
      return [optionsArg('-display', {rendernode: graphics.gl?.rendernode}, {key: 'type', value: 'egl-headless'})];
    case 'dbus':
      return [dbus(graphics)];
    default:
      return [];
  }
}

function dbus({p2p, busAddress, gl, audioId: audio}: Extract<GraphicsDef, {readonly type: 'dbus'}>): QemuArg {
  const options = {
    p2p: p2p ? true : undefined,
    addr: p2p ? undefined : busAddress,
    gl: gl?.enable,
    rendernode: gl?.enable ? gl.rendernode : undefined,
    audiodev: audio === undefined ? undefined : audioId(audio),
  };
  return optionsArg('-display', options, {key: 'type', value: 'dbus'});
}
