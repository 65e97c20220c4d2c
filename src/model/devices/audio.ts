import {attr, child, required} from '../fields/element-fields.ts';
import {checkKindOf, type KindRules, ofKinds} from '../fields/kinds.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, anyInteger, oneOf, text, written, yesNo} from '../fields/scalar.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';

/** The number of an audio backend. */
export const audioId = written(anyInteger(1, 2 ** 32 - 1), id => Number(id) <= 255, 'a number from 1 to 255');

/** Numbers that may be hexadecimal, too. */
const wide = anyInteger(0, 2 ** 32 - 1);
const positive = anyInteger(1, 2 ** 32 - 1);

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, audioalsa and others. */
const DIRECTION_KINDS: KindRules = {
  none: {},
  dbus: {},
  spice: {},
  file: {},
  alsa: {may: ['@dev']},
  coreaudio: {may: ['@bufferCount']},
  jack: {may: ['@serverName', '@clientName', '@connectPorts', '@exactName']},
  oss: {may: ['@dev', '@bufferCount', '@tryPoll']},
  pulseaudio: {may: ['@name', '@streamName', '@latency']},
  sdl: {may: ['@bufferCount']},
};

const KINDS: KindRules = {
  none: {},
  alsa: {},
  coreaudio: {},
  jack: {},
  spice: {},
  dbus: {},
  oss: {may: ['@tryMMap', '@exclusive', '@dspPolicy']},
  pulseaudio: {may: ['@serverName', '@runtimeDir']},
  sdl: {may: ['@driver'], words: {driver: ['esd', 'alsa', 'arts', 'pulseaudio']}},
  file: {may: ['@path']},
};

/** One direction; every backend has some of these. Source: libvirt 9.0.0, docs/formatdomain, "Audio backends". */
const direction = record({
  mixingEngine: attr('mixingEngine', yesNo),
  fixedSettings: attr('fixedSettings', yesNo),
  voices: attr('voices', positive),
  bufferLengthUs: attr('bufferLength', positive),
  name: attr('name', text),
  streamName: attr('streamName', text),
  latencyUs: attr('latency', wide),
  dev: attr('dev', text),
  bufferCount: attr('bufferCount', wide),
  tryPoll: attr('tryPoll', yesNo),
  serverName: attr('serverName', text),
  clientName: attr('clientName', text),
  connectPorts: attr('connectPorts', text),
  exactName: attr('exactName', yesNo),
  settings: child(
    'settings',
    record({
      frequencyHz: attr('frequency', positive),
      channels: attr('channels', positive),
      format: attr('format', oneOf('s8', 'u8', 's16', 'u16', 's32', 'u32', 'f32')),
    }),
  ),
});

const shape = {
  id: required(attr('id', audioId), "id='1'"),
  type: required(
    attr('type', oneOf('none', 'alsa', 'coreaudio', 'jack', 'oss', 'pulseaudio', 'sdl', 'spice', 'file', 'dbus')),
    "type='none' or the like",
  ),
  timerPeriodUs: attr('timerPeriod', positive),
  driver: attr('driver', text),
  path: attr('path', absolutePathText),
  serverName: attr('serverName', text),
  runtimeDir: attr('runtimeDir', text),
  dev: attr('dev', text),
  tryMMap: attr('tryMMap', yesNo),
  exclusive: attr('exclusive', yesNo),
  dspPolicy: attr('dspPolicy', wide),
  input: child('input', direction),
  output: child('output', direction),
};

/** Where the sound of the guest goes on the host. */
export type AudioDef = {readonly kind: 'audio'} & RecordOf<typeof shape>;
const audioRecord = ofKinds(record(shape), 'type', KINDS);

const audioField: typeof audioRecord = {
  ...audioRecord,
  read: (reader, context) => {
    const value = audioRecord.read(reader, context);
    const type = value?.type ?? '';
    for (const name of ['input', 'output']) {
      const side = reader.child(name);
      if (side?.isStrict) checkKindOf(side, `<${name}> of the type '${type}'`, type, DIRECTION_KINDS);
    }
    return value;
  },
};

export const audioCodec = recordCodec('audio', 'audio', audioField, {
  isStarted: () => true,
  hostResources: audioResources,
});

function audioResources({id, path, input, output}: AudioDef): readonly HostResource[] {
  const shape = {role: 'audio', access: 'write', device: `audio ${id}`} as const;
  const nodes = new Set([input?.dev, output?.dev].filter(dev => dev?.startsWith('/')));
  return [
    ...(path === undefined ? [] : [{...shape, path, type: 'file', shared: false, created: true} as const]),
    ...[...nodes].flatMap(dev =>
      dev === undefined ? [] : [{...shape, path: dev, type: 'char', shared: true, created: false} as const],
    ),
  ];
}
