import type {GraphicsListen} from '../../../model/devices/graphics-listen.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';

const CHANNELS = ['main', 'display', 'inputs', 'cursor', 'playback', 'record', 'smartcard', 'usbredir'] as const;

/** What qemu.conf says for all domains, or what libvirt's driver always writes. */
const CONFIGURED = ['sasl', 'x509-dir', 'seamless-migration', 'tls-ciphers'];

/** `-spice`. */
export function readSpice(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const [port, tlsPort] = [bag.takeNumber('port') ?? 0, bag.takeNumber('tls-port') ?? 0];
  const listen = takeListen(bag, port !== 0 || tlsPort !== 0);
  const compression = ['auto', 'never', 'always'] as const;
  const modes = [
    ...bag.takeAll('tls-channel').map(name => ({name, mode: 'secure' as const})),
    ...bag.takeAll('plaintext-channel').map(name => ({name, mode: 'insecure' as const})),
  ];
  const defaultMode = modes.find(({name}) => name === 'default')?.mode;
  const channels = modes.flatMap(({name: given, mode}) => {
    const name = CHANNELS.find(word => word === given);
    return name ? [{name, mode}] : [];
  });
  const disabled = (key: string) => (bag.takeSwitch(key) ? false : undefined);
  const gl = bag.takeSwitch('gl');
  const rendernode = bag.take('rendernode');
  draft.graphics.push({
    kind: 'graphics',
    type: 'spice',
    port,
    tlsPort,
    autoport: false,
    listens: [listen],
    ...omitUndefined({
      passwd: takePassword(arg, bag, listen, draft),
      defaultMode,
      channels: channels.length > 0 ? channels : undefined,
      imageCompression: bag.takeWord('image-compression', ['auto_glz', 'auto_lz', 'quic', 'glz', 'lz', 'off']),
      jpegCompression: bag.takeWord('jpeg-wan-compression', compression),
      zlibCompression: bag.takeWord('zlib-glz-wan-compression', compression),
      playbackCompression: bag.takeSwitch('playback-compression'),
      streamingMode: bag.takeWord('streaming-video', ['filter', 'all', 'off']),
      mouseMode: mouseOf(bag.takeSwitch('agent-mouse')),
      clipboardCopypaste: disabled('disable-copy-paste'),
      filetransferEnable: disabled('disable-agent-file-xfer'),
      gl: gl === undefined ? undefined : omitUndefined({enable: gl, rendernode}),
    }),
  });
  bag.drop(...CONFIGURED);
  draft.warnRest(arg, bag);
}

function takeListen(bag: OptionBag, hasPort: boolean): GraphicsListen {
  const address = bag.take('addr');
  if (bag.takeSwitch('unix')) return {type: 'socket', ...omitUndefined({socket: address || undefined})};
  // Without a port there is no server: only the emulator itself hands connections over.
  if (!hasPort && !address) return {type: 'none'};
  // Without an address it listens on every interface, which the XML has to say.
  return {type: 'address', address: address || '0.0.0.0'};
}

/** One that is set over the monitor, or is in an object, is not in the line. */
function takePassword(arg: NativeArg, bag: OptionBag, {type}: GraphicsListen, draft: NativeDraft): string | undefined {
  const secret = bag.take('password-secret');
  if (secret !== undefined) draft.configuredObjects.add(secret);
  const isOpen = bag.takeSwitch('disable-ticketing') ?? false;
  const password = bag.take('password');
  if (!isOpen && password === undefined && type !== 'none' && bag.takeSwitch('sasl') !== true) {
    draft.warn(arg, 'the password of -spice is not in the line: write passwd= into <graphics>, or the screen has none');
  }
  return isOpen ? undefined : password;
}

function mouseOf(agent: boolean | undefined): 'client' | 'server' | undefined {
  return agent === undefined ? undefined : agent ? 'client' : 'server';
}
