import type {VncDef} from '../../../model/devices/graphics.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {takeAudio} from './screen-audio.ts';

const FIRST_PORT = 5900;
const MAX_DISPLAY = 65535 - FIRST_PORT;

/** What qemu.conf says for all domains, and no definition. */
const CONFIGURED = ['sasl', 'tls', 'tls-creds', 'x509', 'x509verify', 'acl', 'tls-authz', 'sasl-authz'];

/** `-vnc HOST:DISPLAY`, `unix:PATH` or `none`, with options. */
export function readVnc(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'vnc');
  const target = bag.take('vnc') ?? '';
  const found = screenOf(arg, target, bag, draft);
  if (!found) return;
  const screen = withAudio(found, bag, draft);
  const isSecret = bag.peek('password-secret') !== undefined;
  if (bag.takeSwitch('password') || isSecret) {
    draft.warn(arg, `the password of -vnc is not in the line: write passwd= into <graphics>, or the screen has none`);
  }
  claimObjects(bag, draft);
  const configured = bag.rest.filter(({key}) => CONFIGURED.includes(key));
  bag.drop(...CONFIGURED, 'password-secret');
  if (configured.length > 0) {
    draft.note(arg, `'${configured.map(({text}) => text).join(',')}' is left out: qemu.conf says it for all domains`);
  }
  draft.graphics.push(screen);
  draft.warnRest(arg, bag);
}

/** Objects that qemu.conf makes where it wants them. */
function claimObjects(bag: OptionBag, draft: NativeDraft): void {
  for (const key of ['tls-creds', 'tls-authz', 'sasl-authz', 'password-secret']) {
    const id = bag.peek(key);
    if (id !== undefined) draft.configuredObjects.add(id);
  }
}

/** Without a word a server plays what the first backend does. */
function withAudio(screen: VncDef, bag: OptionBag, draft: NativeDraft): VncDef {
  const audioId = takeAudio(bag, draft);
  const [first] = draft.audios.values();
  return audioId === undefined || audioId === first ? screen : {...screen, audioId};
}

function screenOf(arg: NativeArg, target: string, bag: OptionBag, draft: NativeDraft): VncDef | undefined {
  const sharePolicy = bag.takeWord('share', ['allow-exclusive', 'force-shared', 'ignore']);
  const powerControl = bag.takeSwitch('power-control');
  const common = omitUndefined({sharePolicy, powerControl});
  if (target === 'none')
    return {kind: 'graphics', type: 'vnc', port: -1, autoport: true, listens: [{type: 'none'}], ...common};
  if (target.startsWith('unix:')) {
    const socket = draft.path(arg, target.slice('unix:'.length));
    return {kind: 'graphics', type: 'vnc', port: -1, autoport: true, listens: [{type: 'socket', socket}], ...common};
  }
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(target);
  const display = Number(match?.[3]);
  if (!match || display > MAX_DISPLAY) {
    draft.error(arg, `'${target}' of -vnc is no display: write HOST:NUMBER, unix:PATH or none`);
    return undefined;
  }
  // Without a host a VNC server listens on every interface, which the XML has to say.
  const address = match[1] ?? (match[2] || '0.0.0.0');
  const automatic = bag.take('to') !== undefined;
  const websocket = takeWebsocket(bag, display);
  return {
    kind: 'graphics',
    type: 'vnc',
    port: automatic ? -1 : FIRST_PORT + display,
    autoport: automatic,
    listens: [{type: 'address', address}],
    ...common,
    ...omitUndefined({websocket}),
  };
}

/** Without a number it is that of the display from 5700 on. Source: QEMU 7.2, qemu-options.hx, "-vnc websocket". */
function takeWebsocket(bag: OptionBag, display: number): number | undefined {
  const port = bag.takeNumber('websocket');
  return port ?? (bag.takeSwitch('websocket') ? 5700 + display : undefined);
}
