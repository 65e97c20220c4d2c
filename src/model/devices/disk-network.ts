import {attr, child, childAttr, list, needed, required} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {eitherOr, type KindRules, ofKinds} from '../fields/kinds.ts';
import {genericName, hostName, objectName} from '../fields/names.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, text, within, written, yesNo} from '../fields/scalar.ts';
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
  name: attr('name', hostName),
  port: attr('port', integer(0, 65535)),
  transport: attr('transport', oneOf('tcp', 'unix', 'rdma')),
  socket: attr('socket', absolutePathText),
};

const BY_NAME = {must: ['@name'], may: ['@port']};
const TRANSPORTS: KindRules = {tcp: BY_NAME, rdma: BY_NAME, unix: {must: ['@socket']}};

/** A server, by name or by the path of a socket. */
export const networkHost = ofKinds(record(hostShape), 'transport', TRANSPORTS, 'tcp');
export type NetworkHost = RecordOf<typeof hostShape>;

const secretType = written(text, /^(?:ceph|iscsi)$/, "one of 'ceph', 'iscsi'");

const authSecret = eitherOr(
  record({type: needed(attr('type', secretType)), usage: attr('usage', objectName), uuid: attr('uuid', uuidText)}),
  '@uuid',
  '@usage',
);

/** Whose data it is, and under which secret that libvirt keeps. */
export const authField = record({
  username: required(attr('username', genericName), "username='NAME'"),
  secret: needed(child('secret', authSecret)),
});

export const initiatorField = child('initiator', needed(childAttr('iqn', 'name', text)));

const cookieName = written(text, /^[!#$%&'*+.0-9A-Z^_`a-z|~-]+$/, 'the name of a cookie');

const cookie = record({name: required(attr('name', cookieName), "name='NAME'"), value: ownValue()});

/** Source: RFC 6265, section 4.1.1, cookie-value; with what libvirt 9.0.0 leaves out. */
const COOKIE_VALUE = /^"?[!#$%&'()*+./0-9:>=<?@A-Z^_`[\]a-z|~-]+"?$/;

function ownValue(): Field<string> {
  return {
    read: reader => {
      const {rawText} = reader;
      if (!COOKIE_VALUE.test(rawText))
        reader.schemaError(`<${reader.name}> is '${rawText}': that is no value of a cookie`);
      return rawText;
    },
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
  snapshot: childAttr('snapshot', 'name', genericName),
  config: childAttr('config', 'file', absolutePathText),
  initiator: initiatorField,
  sslVerify: childAttr('ssl', 'verify', yesNo),
  cookies: child('cookies', needed(list('cookie', cookie))),
  readaheadBytes: childAttr('readahead', 'size', within(integer(), 1, 2 ** 32 - 1)),
  timeoutSeconds: childAttr('timeout', 'seconds', integer(1, MAX)),
  identity: child('identity', record({user: attr('user', genericName), group: attr('group', genericName)})),
  reconnectDelaySeconds: childAttr('reconnect', 'delay', integer(0, MAX)),
};

const TRANSFER = ['readahead', 'timeout', 'encryption'];
const WEB = [...TRANSFER, 'auth', 'cookies', '@query'];
const NAMED = ['@name', 'host'];

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, diskSourceNetworkProtocol*. */
export const PROTOCOL_KINDS: KindRules = {
  nbd: {must: ['host'], may: ['@name', '@tls', '@tlsHostname', 'reconnect', 'encryption']},
  rbd: {may: ['@name', 'host', 'snapshot', 'config', 'auth', 'encryption']},
  iscsi: {must: NAMED, may: ['auth', 'encryption', 'initiator']},
  https: {must: NAMED, may: [...WEB, 'ssl']},
  http: {must: NAMED, may: WEB},
  ftps: {must: NAMED, may: [...TRANSFER, 'auth', 'ssl']},
  ftp: {must: NAMED, may: [...TRANSFER, 'auth']},
  sheepdog: {must: NAMED, may: TRANSFER},
  tftp: {must: NAMED, may: TRANSFER},
  gluster: {must: NAMED, may: ['encryption']},
  vxhs: {must: NAMED, may: ['@tls']},
  nfs: {must: [...NAMED, 'identity']},
};

/** Those that are spread over several servers. */
export const MANY_HOSTS: ReadonlySet<string> = new Set(['rbd', 'gluster']);
