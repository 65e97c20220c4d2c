import {attr, child, childAttr, list, needed, required, textChild} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {checkKindOf, type KindRules, ofKinds} from '../fields/kinds.ts';
import {deviceName, ipAddress, ipv4Address} from '../fields/names.ts';
import {record} from '../fields/record.ts';
import {
  absolutePathText,
  anyInteger,
  integer,
  matching,
  oneOf,
  onOff,
  text,
  within,
  written,
  yesNo,
} from '../fields/scalar.ts';
import {uuidText} from '../fields/uuid.ts';
import {virtioOptions} from './virtio-options.ts';

const whole = integer();
const positive = within(whole, 1, 2 ** 32 - 1);

/** KiB a second, and KiB for `burst`. */
const inbound = record({
  average: attr('average', positive),
  peak: attr('peak', positive),
  floor: attr('floor', positive),
  burst: attr('burst', positive),
});

/** Source: libvirt 9.0.0, docs/formatnetwork, "Quality of service". */
export const bandwidthField = child(
  'bandwidth',
  record({
    classId: attr('classID', integer(1)),
    inbound: child('inbound', inbound),
    outbound: child('outbound', inbound),
  }),
);

const vlanTag = record({
  id: required(attr('id', integer(0, 4095)), "id='N'"),
  nativeMode: attr('nativeMode', oneOf('tagged', 'untagged')),
});

const trunk = written(yesNo, /^yes$/, "'yes'");

export const vlanField = child('vlan', record({trunk: attr('trunk', trunk), tags: needed(list('tag', vlanTag))}));

const profileId = written(text, id => id.length <= 39, 'a text of at most 39 characters');

/** Source: libvirt 9.0.0, src/util/virnetdevvportprofile.h. */
const virtualport = record({
  type: attr('type', oneOf('802.1Qbg', '802.1Qbh', 'openvswitch', 'midonet')),
  parameters: child(
    'parameters',
    record({
      managerid: attr('managerid', anyInteger(0, 0xff)),
      typeid: attr('typeid', anyInteger(0, 0xffffff)),
      typeidversion: attr('typeidversion', anyInteger(0, 0xff)),
      instanceid: attr('instanceid', uuidText),
      interfaceid: attr('interfaceid', uuidText),
      profileid: attr('profileid', profileId),
    }),
  ),
});

/** Source: libvirt 9.0.0, src/conf/schemas/networkcommon.rng, virtualPortProfile. */
const PARAMETERS: KindRules = {
  '802.1Qbg': {may: ['@managerid', '@typeid', '@typeidversion', '@instanceid']},
  '802.1Qbh': {may: ['@profileid']},
  openvswitch: {may: ['@profileid', '@interfaceid']},
  midonet: {must: ['@interfaceid']},
};

export const virtualportField = child('virtualport', {
  ...virtualport,
  read: (reader, context) => {
    const type = reader.attribute('type') ?? '';
    const parameters = reader.child('parameters');
    if (parameters?.isStrict) checkKindOf(parameters, `<parameters> of the type '${type}'`, type, PARAMETERS);
    return virtualport.read(reader, context);
  },
});

/** An address that the host's or the guest's side gets. */
export const ip = record({
  address: required(attr('address', ipAddress), "address='192.0.2.1'"),
  family: attr('family', oneOf('ipv4', 'ipv6')),
  prefix: attr('prefix', integer(0, 128)),
  peer: attr('peer', ipAddress),
});

export const route = record({
  family: attr('family', oneOf('ipv4', 'ipv6')),
  address: needed(attr('address', ipAddress)),
  netmask: attr('netmask', ipv4Address),
  prefix: attr('prefix', integer(0, 128)),
  gateway: needed(attr('gateway', ipAddress)),
  metric: attr('metric', whole),
});

/** Only the host's side has gso and merged buffers in the schema. */
const hostOnly = written(onOff, () => false, 'left out for the guest');

const offloads = (name: 'host' | 'guest') =>
  child(
    name,
    record({
      csum: attr('csum', onOff),
      gso: attr('gso', name === 'host' ? onOff : hostOnly),
      tso4: attr('tso4', onOff),
      tso6: attr('tso6', onOff),
      ecn: attr('ecn', onOff),
      ufo: attr('ufo', onOff),
      mrgRxbuf: attr('mrg_rxbuf', name === 'host' ? onOff : hostOnly),
    }),
  );

const driver = record({
  name: attr('name', oneOf('qemu', 'vhost')),
  txmode: attr('txmode', oneOf('iothread', 'timer')),
  ioeventfd: attr('ioeventfd', onOff),
  eventIdx: attr('event_idx', onOff),
  queues: attr('queues', positive),
  rxQueueSize: attr('rx_queue_size', positive),
  txQueueSize: attr('tx_queue_size', positive),
  rss: attr('rss', onOff),
  rssHashReport: attr('rss_hash_report', onOff),
  ...virtioOptions,
  host: offloads('host'),
  guest: offloads('guest'),
});

/** How the host does its side; `passt` is a program of its own for user networking. */
const backend = record({
  type: attr('type', oneOf('default', 'passt')),
  tap: attr('tap', absolutePathText),
  vhost: attr('vhost', absolutePathText),
  logFile: attr('logFile', absolutePathText),
});

const portRange = record({
  start: required(attr('start', integer(1, 65535)), "start='N'"),
  end: attr('end', integer(1, 65535)),
  to: attr('to', integer(1, 65535)),
  exclude: attr('exclude', yesNo),
});

/** Ports of the host that lead to the guest. */
const portForward = record({
  proto: required(attr('proto', oneOf('tcp', 'udp')), "proto='tcp'"),
  address: attr('address', ipAddress),
  dev: attr('dev', deviceName),
  ranges: list('range', portRange),
});

const parameterName = written(text, /^[A-Za-z0-9_]+$/, "made of letters, digits and '_'");
const parameterValue = written(text, /^[A-Za-z0-9_.:]+$/, "made of letters, digits and '_', '.', ':'");

const filterName = written(text, /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_.\u0080-\uffff-]*$/, 'the name of a filter');

const filterParameter = record({
  name: required(attr('name', parameterName), "name='NAME'"),
  value: required(attr('value', parameterValue), "value='VALUE'"),
});

/** Two cards of one guest that stand in for each other; the transient one names the other by its alias. */
export const teamingField = child(
  'teaming',
  ofKinds(
    record({
      type: needed(attr('type', oneOf('persistent', 'transient'))),
      persistent: attr('persistent', written(text, /^[A-Za-z0-9_.-]+$/, 'the alias of a device')),
    }),
    'type',
    {persistent: {}, transient: {must: ['@persistent']}},
  ),
);

const coalesceFrames = child('rx', child('frames', attr('max', whole)));

/** Addresses and routes, of the guest's side or, below an ethernet interface's `<source>`, of the host's. */
export const ipParts = {ips: list('ip', ip), routes: list('route', route)};

/** What an interface may have between its source and its model, in libvirt's order. */
export const beforeModel = {
  vlan: vlanField,
  virtualport: virtualportField,
  bandwidth: bandwidthField,
  portIsolated: child('port', attr('isolated', yesNo)),
  ...ipParts,
  portForwards: list('portForward', portForward),
  script: childAttr('script', 'path', text),
  downscript: childAttr('downscript', 'path', text),
  backendDomain: childAttr('backenddomain', 'name', text),
  target: targetField(),
  guest: child('guest', record({dev: attr('dev', deviceName), actual: attr('actual', deviceName)})),
};

/** Prefixes of names that a driver gives to the host's side; such a name of a domain that does not run is no wish. */
const GIVEN_NAMES = /^(?:vnet|macvtap|macvlan)/;

/** Source of the rule: libvirt 9.0.0, src/conf/domain_conf.c, virDomainNetDefParseXML. */
function targetField() {
  const field = child('target', record({dev: needed(attr('dev', deviceName)), managed: attr('managed', yesNo)}));
  const read: typeof field.read = (reader, context) => {
    const target = field.read(reader, context);
    if (context.live || target?.managed === false || !GIVEN_NAMES.test(target?.dev ?? '')) return target;
    return target?.managed === undefined ? undefined : {managed: target.managed};
  };
  return {...field, read};
}

/** What it may have after the model. */
export const afterModel = {
  driver: child('driver', driver),
  backend: child('backend', backend),
  filterref: child(
    'filterref',
    record({
      filter: required(attr('filter', filterName), "filter='NAME'"),
      parameters: list('parameter', filterParameter),
    }),
  ),
  sndbufBytes: child('tune', textChild('sndbuf', whole)),
  linkState: childAttr('link', 'state', oneOf('up', 'down')),
  mtu: childAttr('mtu', 'size', integer(1)),
  coalesceRxFramesMax: child('coalesce', coalesceFrames),
  teaming: teamingField,
};

const macAddress = matching(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/, "like '52:54:00:12:34:56'");

/** Lower case with colons; an address of many cards is an error. */
export const macField: Field<string> = child('mac', {
  read: reader => {
    // How it was made, and whether it is looked at; the address itself is what counts.
    reader.choice('type', ['generated', 'static']);
    reader.choice('check', ['yes', 'no']);
    const address = reader.attribute('address');
    if (address === undefined) reader.schemaError("<mac> is not complete: address='...' is missing");
    if (address === undefined) return undefined;
    if (macAddress.parse(address) === undefined) {
      reader.error(`'${address}' is not a MAC address: it must be ${macAddress.expected}`, 'address');
    } else if ((Number.parseInt(address.slice(0, 2), 16) & 1) === 1) {
      reader.error(`expected a unicast MAC address, found the multicast one '${address}'`, 'address');
    }
    return address.toLowerCase();
  },
  write: (value, into) => {
    into.attributes.push(['address', value]);
  },
});
