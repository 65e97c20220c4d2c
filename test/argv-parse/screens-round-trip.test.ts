import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {devicesOf} from '../../src/model/domain-def.ts';
import {expectSameLine} from './same-line.ts';

const EMULATOR = '/usr/bin/qemu-system-x86_64';
const NO_VIDEO = "<video><model type='none'/></video>";

const spice = (attributes: string, more = '') => `<graphics type='spice' ${attributes}>${more}</graphics>${NO_VIDEO}`;
const vnc = (attributes: string, more = '') => `<graphics type='vnc' ${attributes}>${more}</graphics>${NO_VIDEO}`;
const video = (inner: string) => `<graphics type='vnc' port='5903'/><video>${inner}</video>`;
const audio = (type: string, more = '', attributes = '') =>
  `<audio id='1' type='${type}' ${attributes}>${more}</audio>`;
const both = (inner: (side: 'input' | 'output') => string) => inner('input') + inner('output');
const sound = (attributes: string) =>
  both(
    side =>
      `<${side} mixingEngine='yes' fixedSettings='yes' voices='1' bufferLength='100' ${attributes}><settings frequency='44100' channels='2' format='f32'/></${side}>`,
  );

const SCREENS: readonly string[] = [
  vnc("port='5903' websocket='5711' sharePolicy='force-shared' powerControl='yes' keymap='de'"),
  vnc("port='5903' listen='::1'"),
  vnc("socket='/v,1.sock' powerControl='no'"),
  vnc('', "<listen type='none'/>"),
  `${vnc("port='5903'", "<audio id='2'/>")}<audio id='1' type='none'/><audio id='2' type='alsa'/>`,
  spice("port='5903' listen='::1' keymap='fr'"),
  spice('', "<listen type='none'/><gl enable='yes' rendernode='/dev/dri/foo,bar'/>"),
  spice('', "<listen type='socket' socket='/s,1'/>"),
  spice(
    "port='5903'",
    "<image compression='glz'/><jpeg compression='never'/><zlib compression='always'/><playback compression='off'/><streaming mode='all'/><mouse mode='client'/><clipboard copypaste='no'/><filetransfer enable='no'/>",
  ),
  `<graphics type='sdl' fullscreen='yes'><gl enable='yes'/></graphics>${NO_VIDEO}`,
  `<graphics type='sdl'><gl enable='no'/></graphics>${NO_VIDEO}`,
  `<graphics type='vnc' port='5903'/><graphics type='egl-headless'><gl rendernode='/dev/dri/a,b'/></graphics>${NO_VIDEO}`,
  `<graphics type='dbus' p2p='yes'/>${NO_VIDEO}`,
  `<graphics type='dbus' address='unix:path=/x,y'><gl enable='yes' rendernode='/dev/dri/r'/><audio id='1'/></graphics><audio id='1' type='dbus'/>${NO_VIDEO}`,
];

const ADAPTERS: readonly string[] = [
  video("<model type='vga' vram='32768'><resolution x='800' y='600'/></model>"),
  video("<model type='vmvga' vram='8192'/>"),
  video("<model type='cirrus'/>"),
  video("<model type='qxl' ram='131072' vram='32768' vram64='131072' vgamem='32768' heads='3'/>"),
  video(
    "<driver iommu='on' ats='on' packed='on' page_per_vq='on'/><model type='virtio' heads='2' blob='on'><acceleration accel3d='yes'/></model>",
  ),
  video("<model type='virtio' heads='1'/></video><video><model type='virtio' heads='4'/>"),
  video(
    "<driver name='vhostuser'/><model type='virtio' heads='2'/></video><video><driver name='vhostuser'/><model type='virtio' heads='1' blob='off'/>",
  ),
  video("<model type='bochs' vram='8192'><resolution x='1024' y='768'/></model>"),
  video("<model type='ramfb'/>"),
];

const SOUND: readonly string[] = [
  ...['sb16', 'es1370', 'ac97', 'ich6', 'ich9', 'usb', 'pcspk'].map(
    model => `<sound model='${model}'/>${audio('none')}`,
  ),
  "<sound model='ich6'><codec type='duplex'/><codec type='micro'/></sound><sound model='ich9'><codec type='output'/></sound>",
  "<sound model='usb' multichannel='yes'/><sound model='usb' multichannel='no'/>",
  "<sound model='ich9'><audio id='2'/></sound><sound model='pcspk'><audio id='7'/></sound><audio id='2' type='none'/><audio id='7' type='none'/>",
  audio('none', sound(''), "timerPeriod='50'"),
  audio(
    'none',
    both(side => `<${side} mixingEngine='no'/>`),
  ),
  audio('alsa', sound("dev='/dev/dsp,0'")),
  audio('coreaudio', sound("bufferCount='42'")),
  audio('jack', sound("serverName='a' clientName='b,c' connectPorts='d' exactName='yes'")),
  audio('oss', sound("dev='/dev/dsp' bufferCount='42' tryPoll='no'"), "tryMMap='yes' exclusive='yes' dspPolicy='3'"),
  audio('pulseaudio', sound("name='a,b' streamName='c' latency='100'"), "serverName='h'"),
  audio('sdl', sound("bufferCount='40'")),
  spice('', "<listen type='none'/>") + audio('spice', sound('')),
  audio('file', sound(''), "path='/a,1.wav'"),
  audio('dbus'),
];

describe('screens, adapters and sound come back as they were', () => {
  test.each([...SCREENS, ...ADAPTERS, ...SOUND])('%s', devices => expectSameLine(devices));
});

const CHANNELS = ['main', 'display', 'inputs', 'cursor', 'playback', 'record', 'smartcard', 'usbredir'] as const;

test('whatever the channels of a SPICE server are, they come back', () => {
  const mode = fc.constantFrom('any', 'secure', 'insecure');
  const modes = fc.tuple(mode, ...CHANNELS.map(() => mode));
  fc.assert(
    fc.property(modes, ([usual, ...rest]) => {
      const channels = CHANNELS.map((name, at) => `<channel name='${name}' mode='${rest[at]}'/>`).join('');
      expectSameLine(spice(`port='5903' tlsPort='5904' defaultMode='${usual}'`, channels), 'pc', TLS);
    }),
  );
});

const TLS = {spice: {tls: {}}};

describe('what of a screen is not in its line', () => {
  const read = (...words: readonly string[]) => {
    const {def, problems} = domainFromWords([EMULATOR, '-nodefaults', ...words]);
    return {screens: def && devicesOf(def, 'graphics'), messages: problems.map(({message}) => message)};
  };

  test.each([
    ['-vnc', '127.0.0.1:3,password=on'],
    ['-vnc', '127.0.0.1:3,password-secret=s'],
    ['-spice', 'port=5903,addr=127.0.0.1'],
    ['-spice', 'port=5903,addr=127.0.0.1,password-secret=s'],
  ])('%s %s: its password is asked for', (option, value) => {
    const object = value.includes('secret=s') ? ['-object', 'secret,id=s,data=x'] : [];
    const {messages} = read(...object, option, value);
    expect(messages).toEqual([
      `the password of ${option} is not in the line: write passwd= into <graphics>, or the screen has none`,
    ]);
  });

  test('a password that is in the line stays one', () => {
    const {screens, messages} = read('-spice', 'port=5903,password=secret');
    expect(messages).toEqual([]);
    expect(screens).toMatchObject([{type: 'spice', passwd: 'secret'}]);
  });

  test('a SPICE server without a port is none, and one without an address is open to all', () => {
    expect(read('-spice', 'port=0,disable-ticketing=on').screens).toMatchObject([{listens: [{type: 'none'}]}]);
    const open = [{type: 'address', address: '0.0.0.0'}];
    expect(read('-spice', 'port=5900,disable-ticketing=on').screens).toMatchObject([{listens: open}]);
  });

  test('a sound backend that is not there is told', () => {
    expect(read('-vnc', '127.0.0.1:3,audiodev=x').messages).toEqual([
      "'audiodev=x' of -vnc is left out: the domain XML has no word for it",
    ]);
    expect(read('-machine', 'pc,pcspk-audiodev=x').messages).toEqual([
      "'-machine pcspk-audiodev=x' is kept as <qemu:arg>: the domain XML has no word for it",
    ]);
  });

  test('an adapter that a program of its own draws for is kept where nobody serves it', () => {
    expect(read('-device', 'vhost-user-vga,chardev=x').messages).toEqual([
      "'-device vhost-user-vga,chardev=x' is kept as <qemu:arg>: the domain XML has no word for it",
    ]);
  });

  test('before QEMU 6.1 drawing in 3D was a switch', () => {
    const {def} = domainFromWords([EMULATOR, '-nodefaults', '-device', 'virtio-vga,virgl=on']);
    expect(def && devicesOf(def, 'video')).toMatchObject([{model: {acceleration: {accel3d: true}}}]);
  });
});
