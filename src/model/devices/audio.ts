import {attr, child, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, text, yesNo} from '../fields/scalar.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';

/** One direction; every backend has some of these. Source: libvirt 9.0.0, docs/formatdomain, "Audio backends". */
const direction = record({
  mixingEngine: attr('mixingEngine', yesNo),
  fixedSettings: attr('fixedSettings', yesNo),
  voices: attr('voices', integer(1)),
  bufferLengthUs: attr('bufferLength', integer(1)),
  name: attr('name', text),
  streamName: attr('streamName', text),
  latencyUs: attr('latency', integer()),
  dev: attr('dev', text),
  bufferCount: attr('bufferCount', integer()),
  tryPoll: attr('tryPoll', yesNo),
  serverName: attr('serverName', text),
  clientName: attr('clientName', text),
  connectPorts: attr('connectPorts', text),
  exactName: attr('exactName', yesNo),
  settings: child(
    'settings',
    record({
      frequencyHz: attr('frequency', integer(1)),
      channels: attr('channels', integer(1)),
      format: attr('format', oneOf('s8', 'u8', 's16', 'u16', 's32', 'u32', 'f32')),
    }),
  ),
});

const shape = {
  id: required(attr('id', integer(1)), "id='1'"),
  type: required(
    attr('type', oneOf('none', 'alsa', 'coreaudio', 'jack', 'oss', 'pulseaudio', 'sdl', 'spice', 'file', 'dbus')),
    "type='none' or the like",
  ),
  timerPeriodUs: attr('timerPeriod', integer(1)),
  driver: attr('driver', text),
  path: attr('path', absolutePathText),
  serverName: attr('serverName', text),
  runtimeDir: attr('runtimeDir', text),
  dev: attr('dev', text),
  tryMMap: attr('tryMMap', yesNo),
  exclusive: attr('exclusive', yesNo),
  dspPolicy: attr('dspPolicy', integer()),
  input: child('input', direction),
  output: child('output', direction),
};

/** Where the sound of the guest goes on the host. */
export type AudioDef = {readonly kind: 'audio'} & RecordOf<typeof shape>;
export const audioCodec = recordCodec('audio', 'audio', record(shape), {
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
