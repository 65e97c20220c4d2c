import {describe, expect, test} from 'vitest';
import type {ArgvSettings} from '../../../src/driver/argv/argv-input.ts';
import {buildEnvironment} from '../../../src/driver/argv/environment.ts';
import {domainXml, readDomain} from '../../model/read-domain.ts';
import {deviceArgs} from '../device-args.ts';

const SCREEN = ['-vnc', '-spice', '-display', '-k', '-full-screen'];

function screen(devices: string, settings: ArgvSettings = {}): readonly string[] {
  return deviceArgs(devices, SCREEN, settings).filter(line => line !== '-display none');
}

describe('a VNC server', () => {
  const vnc = (attributes: string, inside = '') => `<graphics type='vnc' ${attributes}>${inside}</graphics>`;

  test.each([
    [vnc("port='5903'"), ['-vnc 127.0.0.1:3']],
    [vnc("autoport='yes'"), ['-vnc 127.0.0.1:0,to=99']],
    [vnc("port='5903' listen='::1' websocket='5700'"), ['-vnc [::1]:3,websocket=5700']],
    [
      vnc("port='5903' sharePolicy='force-shared' powerControl='no' keymap='de'"),
      ['-vnc 127.0.0.1:3,share=force-shared,power-control=off', '-k de'],
    ],
    [vnc('', "<listen type='socket' socket='/a,b'/>"), ['-vnc vnc=unix:/a,,b']],
    [vnc('', "<listen type='socket'/>"), ['-vnc unix:/run/demo/vnc.sock']],
    [vnc('', "<listen type='none'/>"), ['-vnc none']],
    [vnc("port='5903' passwd='secret'"), ['-vnc 127.0.0.1:3,password=on']],
    [
      `${vnc("port='5903'")}<graphics type='egl-headless'><gl rendernode='/dev/dri/a,b'/></graphics>`,
      ['-display egl-headless,rendernode=/dev/dri/a,,b', '-vnc 127.0.0.1:3'],
    ],
  ])('%s', (devices, expected) => {
    expect(screen(devices)).toEqual(expected);
  });

  test('takes its address, its password, TLS and SASL from the configuration of the host', () => {
    const settings = {vnc: {listen: '0.0.0.0', password: 'secret', sasl: true, tls: {x509Dir: '/c', verify: false}}};
    expect(deviceArgs(vnc("port='5903'"), ['-vnc', '-object'], settings)).toEqual([
      '-object tls-creds-x509,id=vnc-tls-creds0,dir=/c,endpoint=server,verify-peer=off',
      '-vnc 0.0.0.0:3,password=on,tls-creds=vnc-tls-creds0,sasl=on',
    ]);
    expect(screen(vnc("port='5903'"), {vnc: {autoUnixSocket: true}})).toEqual(['-vnc unix:/run/demo/vnc.sock']);
  });

  test('has the usual certificates, and asks its clients for theirs', () => {
    expect(deviceArgs(vnc("port='5903'"), ['-object'], {vnc: {tls: {}}})).toEqual([
      '-object tls-creds-x509,id=vnc-tls-creds0,dir=/etc/pki/libvirt-vnc,endpoint=server,verify-peer=on',
    ]);
  });
});

describe('a SPICE server', () => {
  const spice = (attributes: string, inside = '') => `<graphics type='spice' ${attributes}>${inside}</graphics>`;
  const TLS = {spice: {tls: {x509Dir: '/c'}}};
  const open = 'disable-ticketing=on';

  test.each<[string, string, ArgvSettings?]>([
    [spice("port='5903'"), `port=5903,addr=127.0.0.1,${open}`],
    [spice("port='5903' tlsPort='5904'"), `port=5903,tls-port=5904,addr=127.0.0.1,${open},x509-dir=/c`, TLS],
    [spice("autoport='yes'"), `port=5901,addr=127.0.0.1,${open}`],
    [spice("autoport='yes'"), `port=5901,tls-port=5902,addr=127.0.0.1,${open},x509-dir=/c`, TLS],
    [
      spice("autoport='yes' defaultMode='secure'"),
      `tls-port=5902,addr=127.0.0.1,${open},x509-dir=/c,tls-channel=default`,
      TLS,
    ],
    [
      spice("autoport='yes' defaultMode='insecure'", "<channel name='main' mode='secure'/>"),
      `port=5901,tls-port=5902,addr=127.0.0.1,${open},x509-dir=/c,plaintext-channel=default,tls-channel=main`,
      TLS,
    ],
    [spice("port='5903' passwd='secret'"), 'port=5903,addr=127.0.0.1'],
    [spice("port='5903'"), 'port=5903,addr=127.0.0.1,sasl=on', {spice: {password: 'x', sasl: true}}],
    [spice('', "<listen type='socket' socket='/s,1'/>"), `unix=on,addr=/s,,1,${open}`],
    [spice('', "<listen type='socket'/>"), `unix=on,addr=/run/demo/spice.sock,${open}`],
    [
      spice('', "<listen type='none'/><gl enable='yes' rendernode='/dev/dri/a,b'/>"),
      `port=0,${open},gl=on,rendernode=/dev/dri/a,,b`,
    ],
    [
      spice(
        "port='5903'",
        "<image compression='glz'/><jpeg compression='never'/><zlib compression='always'/><playback compression='off'/><streaming mode='all'/><mouse mode='client'/><clipboard copypaste='no'/><filetransfer enable='no'/>",
      ),
      `port=5903,addr=127.0.0.1,agent-mouse=on,${open},image-compression=glz,jpeg-wan-compression=never,zlib-glz-wan-compression=always,playback-compression=off,streaming-video=all,disable-copy-paste=on,disable-agent-file-xfer=on`,
    ],
  ])('%s is -spice %s', (devices, expected, settings = {}) => {
    expect(screen(devices, settings)).toEqual([`-spice ${expected},seamless-migration=on`]);
  });

  test.each([
    [spice("tlsPort='5904'"), {}, 'it is to have an encrypted port, and TLS is off for SPICE on this host'],
    [spice("port='5903' defaultMode='secure'"), TLS, 'channels must be encrypted, and it has no tlsPort'],
    [
      spice("tlsPort='5904'", "<channel name='main' mode='insecure'/>"),
      TLS,
      'channels must not be encrypted, and it has no port',
    ],
  ])('%s is refused', (devices, settings, why) => {
    expect(() => screen(devices, settings)).toThrow(`cannot give domain 'demo' its SPICE server: ${why}`);
  });
});

test.each([
  ["<graphics type='sdl'/>", ['-display sdl']],
  ["<graphics type='sdl' fullscreen='yes'><gl enable='no'/></graphics>", ['-full-screen', '-display sdl,gl=off']],
  ["<graphics type='dbus' p2p='yes'/>", ['-display dbus,p2p=on']],
  [
    "<graphics type='dbus' address='unix:path=/s'><gl enable='yes' rendernode='/r'/><audio id='1'/></graphics><audio id='1' type='dbus'/>",
    ['-display dbus,addr=unix:path=/s,gl=on,rendernode=/r,audiodev=audio1'],
  ],
])('%s is a display of the emulator itself', (devices, expected) => {
  expect(screen(devices)).toEqual(expected);
});

test.each([
  ["<graphics type='rdp'/>", "QEMU has none of type 'rdp'"],
  ["<graphics type='vnc'/><graphics type='vnc'/>", "there are two of type 'vnc'"],
  ["<graphics type='vnc'><listen type='address'/><listen type='socket'/></graphics>", 'with QEMU it has one <listen>'],
])('%s is refused', (devices, why) => {
  expect(() => screen(devices)).toThrow(`cannot give domain 'demo' its screen: ${why}`);
});

test('windows, SASL and SDL’s sound are told by the environment, and the definition’s own variables count most', () => {
  const env = "<qemu:commandline><qemu:env name='DISPLAY' value=':7'/><qemu:env name='EMPTY'/></qemu:commandline>";
  const devices =
    "<graphics type='sdl' display=':0' xauth='/x'/><graphics type='vnc'/><audio id='1' type='sdl' driver='esd'/>";
  const attributes = "type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
  const def = readDomain(domainXml({attributes, devices, more: env}));
  const settings = {vnc: {sasl: true, saslDir: '/sasl'}, spice: {sasl: true, saslDir: '/other'}};
  expect(buildEnvironment({def, settings})).toEqual({
    SDL_AUDIODRIVER: 'esd',
    XAUTHORITY: '/x',
    SASL_CONF_PATH: '/sasl',
    DISPLAY: ':7',
    EMPTY: '',
  });
});
