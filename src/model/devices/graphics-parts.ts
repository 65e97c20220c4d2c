import {attr, child, childAttr, list, needed, required} from '../fields/element-fields.ts';
import {hostPath} from '../fields/names.ts';
import {record} from '../fields/record.ts';
import {absolutePathText, anyText, integer, matching, oneOf, onOff, text, written, yesNo} from '../fields/scalar.ts';
import {audioId} from './audio.ts';

const moment = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, "a moment of UTC like '2030-01-31T16:11:22'");

/** The password of a screen, until when it holds, and what becomes of those who are connected when it is set. */
export const passwordParts = {
  passwd: attr('passwd', anyText),
  passwdValidTo: attr('passwdValidTo', moment),
  connected: attr('connected', oneOf('fail', 'disconnect', 'keep')),
};

const SPICE_CHANNELS = ['main', 'display', 'inputs', 'cursor', 'playback', 'record', 'smartcard', 'usbredir'] as const;

const mode = oneOf('any', 'secure', 'insecure');

const channel = record({
  name: required(attr('name', oneOf(...SPICE_CHANNELS)), "name='main' or the like"),
  mode: required(attr('mode', mode), "mode='secure' or the like"),
});

const namedChannels = list('channel', channel);

/**
 * The channels with a mode of their own, in libvirt's order; `any` is none, and of two that name one channel the last
 * counts. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainGraphicsDefParseXMLSpice.
 */
const channels: typeof namedChannels = {
  ...namedChannels,
  read: (reader, context) => {
    const given = namedChannels.read(reader, context) ?? [];
    const own = SPICE_CHANNELS.flatMap(name => given.findLast(each => each.name === name) ?? []);
    const wished = own.filter(each => each.mode !== 'any');
    return wished.length === 0 ? undefined : wished;
  },
};

const gl = record({enable: needed(attr('enable', yesNo)), rendernode: attr('rendernode', absolutePathText)});

/** What only SPICE has. Source: libvirt 9.0.0, docs/formatdomain, "Graphical framebuffers". */
export const spiceParts = {
  keymap: attr('keymap', text),
  defaultMode: attr('defaultMode', mode),
  ...passwordParts,
  channels,
  imageCompression: childAttr('image', 'compression', oneOf('auto_glz', 'auto_lz', 'quic', 'glz', 'lz', 'off')),
  jpegCompression: childAttr('jpeg', 'compression', oneOf('auto', 'never', 'always')),
  zlibCompression: childAttr('zlib', 'compression', oneOf('auto', 'never', 'always')),
  playbackCompression: childAttr('playback', 'compression', onOff),
  streamingMode: childAttr('streaming', 'mode', oneOf('filter', 'all', 'off')),
  mouseMode: childAttr('mouse', 'mode', oneOf('server', 'client')),
  clipboardCopypaste: childAttr('clipboard', 'copypaste', yesNo),
  filetransferEnable: childAttr('filetransfer', 'enable', yesNo),
  gl: child('gl', gl),
};

/** SDL draws on the host's own X screen. */
export const sdlParts = {
  display: attr('display', text),
  xauth: attr('xauth', hostPath),
  fullscreen: attr('fullscreen', yesNo),
  gl: child('gl', gl),
};

/** It has no other renderer: the schema does not let it be switched. */
const eglSwitch = attr(
  'enable',
  written(yesNo, () => false, 'left out here'),
);

export const eglParts = {
  gl: child('gl', record({enable: eglSwitch, rendernode: attr('rendernode', absolutePathText)})),
};

export const dbusParts = {
  p2p: attr('p2p', yesNo),
  busAddress: attr('address', text),
  gl: child('gl', gl),
  audioId: childAttr('audio', 'id', audioId),
};

export const rdpParts = {
  port: attr('port', integer(0, 65535)),
  autoport: attr('autoport', yesNo),
  replaceUser: attr('replaceUser', yesNo),
  multiUser: attr('multiUser', yesNo),
};
