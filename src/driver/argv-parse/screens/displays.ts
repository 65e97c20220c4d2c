import type {GraphicsDef} from '../../../model/devices/graphics.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption, splitCommas} from '../parse-option.ts';
import {takeAudio} from './screen-audio.ts';
import {readVnc} from './vnc.ts';

/** `-nographic`. */
export function readNoGraphic(arg: NativeArg, draft: NativeDraft): void {
  draft.noGraphic = true;
  draft.terminalArg = arg;
}

/** `-sdl`. */
export function readSdl(_arg: NativeArg, draft: NativeDraft): void {
  draft.graphics.push(sdlScreen(draft));
}

/** An SDL window on the X screen that the environment names. */
export function sdlScreen({environment, fullscreen}: NativeDraft): GraphicsDef {
  return {
    kind: 'graphics',
    type: 'sdl',
    ...omitUndefined({
      display: environment.get('DISPLAY') || undefined,
      xauth: environment.get('XAUTHORITY') || undefined,
      fullscreen: fullscreen || undefined,
    }),
  };
}

/** `-full-screen`, which may come after `-sdl`. */
export function readFullScreen(_arg: NativeArg, draft: NativeDraft): void {
  draft.fullscreen = true;
  draft.graphics.forEach((screen, index) => {
    if (screen.type === 'sdl') draft.graphics[index] = {...screen, fullscreen: true};
  });
}

/** `-display`. */
export function readDisplay(arg: NativeArg, draft: NativeDraft): void {
  const [word = ''] = splitCommas(arg.value);
  if (word.startsWith('vnc=')) {
    readVnc({...arg, value: arg.value.slice('vnc='.length)}, draft);
    return;
  }
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type');
  if (type === 'none') draft.noGraphic = true;
  else if (type === 'sdl') draft.graphics.push({...sdlScreen(draft), ...takeGl(bag)});
  else if (type === 'egl-headless') draft.graphics.push({kind: 'graphics', type, ...takeRenderer(bag)});
  else if (type === 'dbus') draft.graphics.push({kind: 'graphics', type, ...takeBus(bag, draft)});
  else {
    draft.keep(arg);
    return;
  }
  draft.warnRest(arg, bag);
}

function takeGl(bag: OptionBag) {
  const enable = bag.takeSwitch('gl');
  return enable === undefined ? {} : {gl: {enable}};
}

/** It always draws with a graphics card: `gl` says nothing more. */
function takeRenderer(bag: OptionBag) {
  bag.drop('gl');
  const rendernode = bag.take('rendernode');
  return rendernode === undefined ? {} : {gl: {rendernode}};
}

function takeBus(bag: OptionBag, draft: NativeDraft) {
  const enable = bag.takeSwitch('gl');
  const gl = enable === undefined ? undefined : {enable, ...(enable ? takeRenderer(bag).gl : {})};
  const busAddress = bag.take('addr');
  return omitUndefined({p2p: bag.takeSwitch('p2p'), busAddress, gl, audioId: takeAudio(bag, draft)});
}

/** `-vga`. */
export function readVga(arg: NativeArg, draft: NativeDraft): void {
  draft.vga = arg.value;
}

/** `-std-vga` and `-vmwarevga`, of before `-vga`. */
export function readAdapter(word: 'std' | 'vmware') {
  return (_arg: NativeArg, draft: NativeDraft): void => {
    draft.vga = word;
  };
}

/** `-k`. */
export function readKeymap(arg: NativeArg, draft: NativeDraft): void {
  draft.keymap = arg.value;
}
