import type {VncDef} from '../../../model/devices/graphics.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {audioId} from './audio.ts';
import {notYetSupported} from './device-context.ts';
import {tlsObject} from './tls-object.ts';

const FIRST_VNC_PORT = 5900;
const LAST_VNC_DISPLAY = 99;

/** Source: libvirt 9.0.0, src/qemu/qemu_alias.c and qemu.conf.in, vnc_tls_x509_cert_dir. */
const TLS_ID = 'vnc-tls-creds0';
const USUAL_CERTIFICATES = '/etc/pki/libvirt-vnc';

/** A VNC server. Its password is no part of the command line: it is set over the monitor before the guest runs. */
export function buildVncArgs(vnc: VncDef, input: ArgvInput): readonly QemuArg[] {
  const {tls, sasl, password} = input.settings?.vnc ?? {};
  const {address, options} = place(vnc, input);
  const server = optionsArg(
    '-vnc',
    {
      ...options,
      websocket: vnc.websocket === -1 ? true : vnc.websocket,
      share: vnc.sharePolicy,
      password: vnc.passwd !== undefined || password !== undefined ? true : undefined,
      'tls-creds': tls && TLS_ID,
      sasl: sasl ? true : undefined,
      'power-control': vnc.powerControl,
      audiodev: audioOf(vnc, input),
    },
    {key: 'vnc', value: address},
  );
  const object = {id: TLS_ID, endpoint: 'server', verify: tls?.verify ?? true} as const;
  return [
    ...(tls ? [tlsObject(object, {x509Dir: USUAL_CERTIFICATES, ...tls})] : []),
    server,
    ...(vnc.keymap === undefined ? [] : [textArg('-k', vnc.keymap)]),
  ];
}

/** The display of a port, a socket, or nothing; without a port, QEMU takes the first that is free. */
function place({listens, port}: VncDef, input: ArgvInput): {readonly address: string; readonly options?: OptionRecord} {
  const [listen] = listens;
  switch (listen?.type) {
    case 'socket':
      return {address: `unix:${listen.socket}`};
    case 'none':
    case undefined:
      return {address: 'none'};
    case 'network':
      throw notYetSupported("<listen type='network'>", input);
    case 'address': {
      const {address = ''} = listen;
      const host = address.includes(':') ? `[${address}]` : address;
      if (port < 0) return {address: `${host}:0`, options: {to: LAST_VNC_DISPLAY}};
      return {address: `${host}:${port - FIRST_VNC_PORT}`};
    }
  }
}

function audioOf({audioId: wanted}: VncDef, {def}: ArgvInput): string | undefined {
  const id = wanted ?? devicesOf(def, 'audio')[0]?.id;
  return id === undefined ? undefined : audioId(id);
}
