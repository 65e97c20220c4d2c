import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseOption} from '../parse-option.ts';

const CHANNELS = ['main', 'display', 'inputs', 'cursor', 'playback', 'record', 'smartcard', 'usbredir'] as const;

/** What qemu.conf says for all domains, or what libvirt's driver always writes. */
const CONFIGURED = [
  'disable-ticketing',
  'password',
  'password-secret',
  'sasl',
  'x509-dir',
  'seamless-migration',
  'tls-ciphers',
];

/** `-spice`. */
export function readSpice(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const address = bag.take('addr');
  const isSocket = bag.takeSwitch('unix') ?? false;
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
    port: bag.takeNumber('port') ?? 0,
    tlsPort: bag.takeNumber('tls-port') ?? 0,
    autoport: false,
    // Without an address it listens on every interface, which the XML has to say.
    listens: [isSocket ? {type: 'socket', ...socketOf(address)} : {type: 'address', address: address || '0.0.0.0'}],
    ...omitUndefined({
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

function socketOf(socket: string | undefined) {
  return socket ? {socket} : {};
}

function mouseOf(agent: boolean | undefined): 'client' | 'server' | undefined {
  return agent === undefined ? undefined : agent ? 'client' : 'server';
}
