import {attr, child, childAttr, list, required, textChild} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {record} from '../fields/record.ts';
import {absolutePathText, integer, matching, oneOf, onOff, text, yesNo} from '../fields/scalar.ts';
import {virtioOptions} from './virtio-options.ts';

const whole = integer();

/** KiB a second, and KiB for `burst`. */
const inbound = record({
  average: attr('average', whole),
  peak: attr('peak', whole),
  floor: attr('floor', whole),
  burst: attr('burst', whole),
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

export const vlanField = child('vlan', record({trunk: attr('trunk', yesNo), tags: list('tag', vlanTag)}));

/** Source: libvirt 9.0.0, src/util/virnetdevvportprofile.h. */
export const virtualportField = child(
  'virtualport',
  record({
    type: attr('type', oneOf('802.1Qbg', '802.1Qbh', 'openvswitch', 'midonet')),
    parameters: child(
      'parameters',
      record({
        managerid: attr('managerid', whole),
        typeid: attr('typeid', whole),
        typeidversion: attr('typeidversion', whole),
        instanceid: attr('instanceid', text),
        interfaceid: attr('interfaceid', text),
        profileid: attr('profileid', text),
      }),
    ),
  }),
);

const ip = record({
  address: required(attr('address', text), "address='192.0.2.1'"),
  family: attr('family', oneOf('ipv4', 'ipv6')),
  prefix: attr('prefix', integer(0, 128)),
  peer: attr('peer', text),
});

const route = record({
  family: attr('family', oneOf('ipv4', 'ipv6')),
  address: attr('address', text),
  netmask: attr('netmask', text),
  prefix: attr('prefix', integer(0, 128)),
  gateway: attr('gateway', text),
  metric: attr('metric', whole),
});

const offloads = (name: string) =>
  child(
    name,
    record({
      csum: attr('csum', onOff),
      gso: attr('gso', onOff),
      tso4: attr('tso4', onOff),
      tso6: attr('tso6', onOff),
      ecn: attr('ecn', onOff),
      ufo: attr('ufo', onOff),
      mrgRxbuf: attr('mrg_rxbuf', onOff),
    }),
  );

const driver = record({
  name: attr('name', oneOf('qemu', 'vhost')),
  txmode: attr('txmode', oneOf('iothread', 'timer')),
  ioeventfd: attr('ioeventfd', onOff),
  eventIdx: attr('event_idx', onOff),
  queues: attr('queues', whole),
  rxQueueSize: attr('rx_queue_size', whole),
  txQueueSize: attr('tx_queue_size', whole),
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
  address: attr('address', text),
  dev: attr('dev', text),
  ranges: list('range', portRange),
});

const filterParameter = record({
  name: required(attr('name', text), "name='NAME'"),
  value: required(attr('value', text), "value='VALUE'"),
});

/** Two cards of one guest that stand in for each other; the transient one names the other by its alias. */
export const teamingField = child(
  'teaming',
  record({type: attr('type', oneOf('persistent', 'transient')), persistent: attr('persistent', text)}),
);

const coalesceFrames = child('rx', childAttr('frames', 'max', whole));

/** Addresses and routes, of the guest's side or, below an ethernet interface's `<source>`, of the host's. */
export const ipParts = {ips: list('ip', ip), routes: list('route', route)};

/** What an interface may have between its source and its model, in libvirt's order. */
export const beforeModel = {
  vlan: vlanField,
  virtualport: virtualportField,
  bandwidth: bandwidthField,
  portIsolated: childAttr('port', 'isolated', yesNo),
  ...ipParts,
  portForwards: list('portForward', portForward),
  script: childAttr('script', 'path', text),
  downscript: childAttr('downscript', 'path', text),
  backendDomain: childAttr('backenddomain', 'name', text),
  target: targetField(),
  guest: child('guest', record({dev: attr('dev', text), actual: attr('actual', text)})),
};

/** Prefixes of names that a driver gives to the host's side; such a name of a domain that does not run is no wish. */
const GIVEN_NAMES = /^(?:vnet|macvtap|macvlan)/;

/** Source of the rule: libvirt 9.0.0, src/conf/domain_conf.c, virDomainNetDefParseXML. */
function targetField() {
  const field = child('target', record({dev: attr('dev', text), managed: attr('managed', yesNo)}));
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
    record({filter: required(attr('filter', text), "filter='NAME'"), parameters: list('parameter', filterParameter)}),
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
    const address = reader.attribute('address');
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
