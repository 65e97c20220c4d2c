import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {beforeAll, describe, expect, test} from 'vitest';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {askGuest, hasX86, probeX86, X86} from './real-x86.ts';

const hasOpenssl = existsSync('/usr/bin/openssl');

const USB = "<controller type='usb' model='qemu-xhci' ports='8'/>";

/** An authority and a server that it knows, in libvirt's file names. */
async function makeCertificates(directory: string): Promise<void> {
  await mkdir(directory, {recursive: true});
  const file = (name: string) => `${directory}/${name}.pem`;
  const make = (name: string, ...args: readonly string[]) => {
    const common = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
    return run('/usr/bin/openssl', [...common, '-keyout', file(`${name}-key`), '-out', file(`${name}-cert`), ...args]);
  };
  await make('ca', '-addext', 'keyUsage=critical,keyCertSign');
  const signed = ['-CA', file('ca-cert'), '-CAkey', file('ca-key'), '-addext', 'basicConstraints=critical,CA:FALSE'];
  await make('server', ...signed, '-addext', 'keyUsage=digitalSignature,keyEncipherment');
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, [...args], {stdio: 'ignore'});
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

describe.skipIf(!hasX86)(`screens that ${X86} really takes (needs it)`, () => {
  let caps: EmulatorCaps;
  beforeAll(async () => {
    caps = await probeX86();
  });

  test.for([
    ["port='-1' websocket='-1' sharePolicy='force-shared' powerControl='yes' keymap='de'", '', '127.0.0.1:59'],
    ["port='-1' listen='::1'", '', '::1:59'],
    ['', "<listen type='socket' socket='DIR/v,1.sock'/>", 'v,1.sock'],
    ['', "<listen type='socket'/>", 'vnc.sock'],
    ['', "<listen type='none'/>", 'Auth: none'],
  ] as const)('a VNC server with %s %s', async ([attributes, listen, expected]) => {
    const devices = `<graphics type='vnc' ${attributes}>${listen}</graphics>`;
    const [said] = await askGuest({caps, devices}, 'info vnc');
    expect(said).toContain(expected);
  });

  test('a VNC server that knows its clients by a password, by SASL and by its host', async () => {
    const devices = "<graphics type='vnc' port='-1' passwd='secret'/>";
    const settings = {vnc: {sasl: true}};
    const [set, said] = await askGuest({caps, devices}, 'set_password vnc secret keep', 'info vnc');
    expect(set).toBe('');
    expect(said).toContain('Auth: vnc');
    const [other] = await askGuest({caps, devices: devices.replace("passwd='secret'", ''), settings}, 'info vnc');
    expect(other).toContain('sasl');
  });

  test('a VNC server and a line over TLS, with the certificates of a folder (needs openssl)', async ({skip}) => {
    skip(!hasOpenssl, 'there is no openssl');
    const devices = `<graphics type='vnc' port='-1'/>
      <serial type='tcp'><source mode='bind' host='127.0.0.1' service='0' tls='yes'/></serial>`;
    const [vnc, chardev] = await withTempRoot(async certificates => {
      await makeCertificates(certificates.path);
      const tls = {x509Dir: certificates.path, verify: false};
      return askGuest({caps, devices, settings: {vnc: {tls}, chardevTls: tls}}, 'info vnc', 'info chardev');
    });
    expect(vnc).toContain('x509');
    expect(chardev).toMatch(/charserial0: filename=.*127\.0\.0\.1/);
  });

  test('a display on D-Bus between two peers', async ({skip}) => {
    skip(!existsSync('/usr/lib/x86_64-linux-gnu/qemu/ui-dbus.so'), 'the module ui-dbus is not installed');
    const devices = `<graphics type='dbus' p2p='yes'><audio id='1'/></graphics><audio id='1' type='dbus'/>
      <channel type='dbus'><source channel='org.qemu.vdagent'/><target type='virtio' name='com.redhat.spice.0'/></channel>`;
    const [said] = await askGuest({caps, devices}, 'info chardev');
    expect(said).toContain('charchannel0: filename=');
  });

  test.for([
    ["port='-1'", ''],
    ["port='-1' listen='::1' keymap='fr' passwd='secret'", ''],
    ['', "<listen type='socket' socket='DIR/s.sock'/>"],
    ['', "<listen type='socket'/>"],
    ['', "<listen type='none'/>"],
    [
      "port='-1'",
      "<image compression='glz'/><jpeg compression='never'/><zlib compression='always'/><playback compression='off'/><streaming mode='all'/><mouse mode='client'/><clipboard copypaste='no'/><filetransfer enable='no'/>",
    ],
  ] as const)('a SPICE server with %s %s', async ([attributes, inside], {skip}) => {
    skip(!caps.devices.has('qxl-vga'), 'this emulator has no SPICE');
    const [said] = await askGuest(
      {caps, devices: `<graphics type='spice' ${attributes}>${inside}</graphics>`},
      'info spice',
    );
    expect(said).toMatch(/Server:|enabled/);
  });

  test('what goes over SPICE: sound, agents, cards, USB', async ({skip}) => {
    skip(!caps.devices.has('qxl-vga'), 'this emulator has no SPICE');
    const devices = `${USB}<graphics type='spice'/><audio id='1' type='spice'/><sound model='ich9'/>
      <video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='2'/></video>
      <video><model type='qxl' heads='1'/></video>
      <channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>
      <channel type='spiceport'><source channel='org.spice-space.webdav.0'/><target type='virtio' name='org.spice-space.webdav.0'/></channel>
      <smartcard mode='passthrough' type='spicevmc'/>
      <redirdev bus='usb' type='spicevmc'/><redirdev bus='usb' type='spicevmc'><boot order='1'/></redirdev>
      <redirfilter><usbdev class='0x08' vendor='0x1234' product='0xBEEF' version='1.1' allow='yes'/><usbdev allow='no'/></redirfilter>`;
    const [said] = await askGuest({caps, devices}, 'info chardev');
    for (const id of ['charchannel0', 'charchannel1', 'charsmartcard0', 'charredir0', 'charredir1'])
      expect(said).toContain(`${id}: filename=spice`);
  });

  test.for([
    ["<model type='vga' vram='32768'><resolution x='800' y='600'/></model>", 'dev: VGA'],
    ["<model type='cirrus'/>", 'dev: cirrus-vga'],
    ["<model type='vmvga' vram='16384'/>", 'dev: vmware-svga'],
    ["<model type='bochs' vram='8192'><resolution x='800' y='600'/></model>", 'dev: bochs-display'],
    ["<model type='ramfb'/>", 'dev: ramfb'],
    [
      "<driver iommu='off' ats='on' page_per_vq='on'/><model type='virtio' heads='2'><resolution x='800' y='600'/></model>",
      'dev: virtio-vga',
    ],
    ["<model type='virtio'/></video><video><model type='virtio' heads='1'/>", 'dev: virtio-gpu-pci'],
    ["<model type='virtio'/></video><video><model type='vga' primary='yes'/>", 'dev: virtio-gpu-pci'],
  ] as const)('an adapter %s', async ([inside, expected]) => {
    const [said] = await askGuest(
      {caps, devices: `<graphics type='vnc' port='-1'/><video>${inside}</video>`},
      'info qtree',
    );
    expect(said).toContain(expected);
  });

  test('every sound card, and every setting of an audio backend', async () => {
    const settings = "mixingEngine='yes' fixedSettings='yes' voices='2' bufferLength='10000'";
    const direction = (name: string) =>
      `<${name} ${settings}><settings frequency='44100' channels='2' format='s16'/></${name}>`;
    const devices = `${USB}${['sb16', 'es1370', 'ac97', 'usb'].map(model => `<sound model='${model}'/>`).join('')}
      <sound model='ich6'><codec type='duplex'/><codec type='micro'/><codec type='output'/></sound><sound model='ich9'/>
      <sound model='pcspk'><audio id='2'/></sound><sound model='usb' multichannel='yes'><audio id='2'/></sound>
      <audio id='1' type='none' timerPeriod='5000'>${direction('input')}${direction('output')}</audio>
      <audio id='2' type='file' path='DIR/a,b.wav'/>`;
    const [said] = await askGuest({caps, devices}, 'info qtree');
    for (const name of [
      'sb16',
      'ES1370',
      'AC97',
      'usb-audio',
      'intel-hda',
      'ich9-intel-hda',
      'hda-micro',
      'hda-output',
    ])
      expect(said).toContain(`dev: ${name}`);
    expect(said).toContain('audiodev = "audio2"');
  });
});
