import {attr, child, needed, required, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {integer, matching, oneOf, text} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import {chardevResources} from './chardev-resources.ts';
import {type ChardevSource, chardevParts, chardevSource} from './chardev-source.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

/** The host's side as a property of the device; its attributes and elements are the device's own. */
const source: Field<ChardevSource> & {readonly required: true} = {...chardevSource, required: true};

const target = variants('type', {
  virtio: record({name: attr('name', text)}),
  guestfwd: record({
    address: required(attr('address', matching(/^[0-9.]+$/, 'an IPv4 address')), "address='10.0.2.1'"),
    port: required(attr('port', integer(1, 65535)), "port='4600'"),
  }),
  xen: record({name: attr('name', text)}),
});

const channelParts = record({
  source,
  ...chardevParts,
  target: required(child('target', target), "<target type='virtio'/>"),
  ...deviceParts,
});

/** A channel between host and guest that is no line of a terminal. */
export type ChannelDef = {readonly kind: 'channel'} & ValueOf<typeof channelParts>;
export const channelCodec = recordCodec('channel', 'channel', channelParts, {
  isStarted: ({target: made}) => made.type !== 'xen',
  hostResources: channel => chardevResources(channel, `channel ${channelName(channel)}`),
});

function channelName({target: made}: ChannelDef): string {
  return made.type === 'guestfwd' ? `${made.address}:${made.port}` : (made.name ?? made.type);
}

const parallelParts = record({
  source,
  ...chardevParts,
  target: child('target', record({port: withDefault(attr('port', integer(0, 65535)), 0)})),
  ...deviceParts,
});

/** A parallel port. */
export type ParallelDef = {readonly kind: 'parallel'} & ValueOf<typeof parallelParts>;
export const parallelCodec = recordCodec('parallel', 'parallel', parallelParts, {
  isStarted: () => true,
  hostResources: parallel => chardevResources(parallel, `parallel port ${parallel.target?.port ?? 0}`),
});

const redirdevParts = record({bus: withDefault(needed(attr('bus', oneOf('usb'))), 'usb'), source, ...deviceParts});

/** A USB device that comes over a channel. */
export type RedirdevDef = {readonly kind: 'redirdev'} & ValueOf<typeof redirdevParts>;
export const redirdevCodec = recordCodec('redirdev', 'redirdev', redirdevParts, {
  isStarted: () => true,
  hostResources: redirdev => chardevResources(redirdev, 'redirected USB device'),
});
