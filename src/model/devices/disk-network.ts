import {attr, child, childAttr, list, required} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, text, yesNo} from '../fields/scalar.ts';
import {uuidText} from '../fields/uuid.ts';

export const DISK_PROTOCOLS = [
  'nbd',
  'rbd',
  'sheepdog',
  'gluster',
  'iscsi',
  'http',
  'https',
  'ftp',
  'ftps',
  'tftp',
  'ssh',
  'vxhs',
  'nfs',
] as const;

const hostShape = {
  name: attr('name', text),
  port: attr('port', integer(0, 65535)),
  transport: attr('transport', oneOf('tcp', 'unix', 'rdma')),
  socket: attr('socket', absolutePathText),
};

/** A server, by name or by the path of a socket. */
export const networkHost = record(hostShape);
export type NetworkHost = RecordOf<typeof hostShape>;

/** Whose data it is, and under which secret that libvirt keeps. */
export const authField = record({
  username: required(attr('username', text), "username='NAME'"),
  secret: child('secret', record({type: attr('type', text), usage: attr('usage', text), uuid: attr('uuid', uuidText)})),
});

export const initiatorField = child('initiator', childAttr('iqn', 'name', text));

const cookie = record({name: required(attr('name', text), "name='NAME'"), value: ownValue()});

function ownValue(): Field<string> {
  return {
    read: reader => reader.rawText,
    write: (value, into) => {
      into.text = value;
    },
    place: {text: true},
  };
}

const MAX = 2 ** 31 - 1;

/** The parts of `<source protocol=>`. Source: libvirt 9.0.0, docs/formatdomain, "Hard drives", source. */
export const networkParts = {
  protocol: required(attr('protocol', oneOf(...DISK_PROTOCOLS)), "protocol='nbd' or the like"),
  name: attr('name', text),
  tls: attr('tls', yesNo),
  tlsHostname: attr('tlsHostname', text),
  query: attr('query', text),
  hosts: list('host', networkHost),
  snapshot: childAttr('snapshot', 'name', text),
  config: childAttr('config', 'file', absolutePathText),
  initiator: initiatorField,
  sslVerify: childAttr('ssl', 'verify', yesNo),
  cookies: child('cookies', list('cookie', cookie)),
  readaheadBytes: childAttr('readahead', 'size', integer()),
  timeoutSeconds: childAttr('timeout', 'seconds', integer(1, MAX)),
  identity: child('identity', record({user: attr('user', text), group: attr('group', text)})),
  reconnectDelaySeconds: childAttr('reconnect', 'delay', integer(0, MAX)),
};
