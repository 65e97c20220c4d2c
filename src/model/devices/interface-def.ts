import {attr, child, childAttr, required, withDefault} from '../fields/element-fields.ts';
import {kept} from '../fields/kept.ts';
import {whileLive} from '../fields/live.ts';
import {record, type Shape, type ValueOf} from '../fields/record.ts';
import {absolutePathText, hex, integer, matching, oneOf, text, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import {pciAddressField} from './address.ts';
import {reconnect} from './chardev-source.ts';
import {deviceParts} from './device-base.ts';
import {afterModel, beforeModel, ipParts, macField} from './interface-parts.ts';

/** Source of the pattern: libvirt 9.0.0, src/conf/domain_conf.c, virDomainNetModelTypeParse. */
const modelName = matching(/^[A-Za-z0-9_-]+$/, "made of nothing but letters, digits, '-' and '_'");

const whole = integer();

const modelField = child('model', attr('type', modelName));

/** In libvirt's order, after the source. */
const parts = {...beforeModel, model: modelField, ...afterModel, ...deviceParts};

/** What no start gives to the guest: it is said of every text that has it. */
const LEFT_OUT = ['bandwidth', 'coalesceRxFramesMax', 'filterref', 'backendDomain', 'guest'] as const;

const common = {
  ...parts,
  ...Object.fromEntries(LEFT_OUT.map(name => [name, kept(parts[name])])),
} as typeof parts;

const trust = {trustGuestRxFilters: kept(attr('trustGuestRxFilters', yesNo))};
const start = {...trust, mac: macField};
const port = attr('port', integer(1, 65535));
const address = attr('address', text);
const local = child('local', record({address, port}));

function of<const S extends Shape>(source: S) {
  return record({...start, ...source, ...common});
}

const endpoint = {source: child('source', record({address, port, local}))};

/** Of a running domain: the network of the host that an interface came from. */
const fromNetwork = {
  network: whileLive(attr('network', text)),
  portgroup: whileLive(attr('portgroup', text)),
  portid: whileLive(attr('portid', text)),
};
const macTableManager = whileLive(attr('macTableManager', oneOf('kernel', 'libvirt')));

const networkSource = record({
  network: required(attr('network', text), "network='NAME'"),
  portgroup: attr('portgroup', text),
  portid: whileLive(attr('portid', text)),
  bridge: whileLive(attr('bridge', text)),
  macTableManager,
});

const bridgeSource = record({
  ...fromNetwork,
  bridge: required(attr('bridge', text), "bridge='NAME'"),
  macTableManager,
});

const directSource = record({
  ...fromNetwork,
  dev: required(attr('dev', text), "dev='eth0'"),
  mode: withDefault(attr('mode', oneOf('vepa', 'private', 'bridge', 'passthrough')), 'vepa'),
});

/** A card of the host, on its PCI or USB bus. */
const hostSource = record({
  missing: whileLive(attr('missing', yesNo)),
  vendorId: childAttr('vendor', 'id', hex(4, 0xffff)),
  productId: childAttr('product', 'id', hex(4, 0xffff)),
  address: child(
    'address',
    variants('type', {pci: pciAddressField, usb: record({bus: attr('bus', whole), device: attr('device', whole)})}),
  ),
});

const virtualSwitch = record({
  switchid: required(attr('switchid', text), "switchid='UUID'"),
  portid: attr('portid', text),
  portgroupid: attr('portgroupid', text),
  connectionid: attr('connectionid', text),
});

const {driver: _own, ...withoutDriver} = common;

/** An interface by its type. */
export const interfaceField = variants('type', {
  user: of({source: child('source', record({dev: attr('dev', text)}))}),
  ethernet: of({source: child('source', record({dev: attr('dev', text), ...ipParts}))}),
  vhostuser: of({source: required(vhostUserSource(), "<source type='unix' path='PATH'/>")}),
  server: of(endpoint),
  client: of(endpoint),
  mcast: of(endpoint),
  udp: of(endpoint),
  network: of({source: required(child('source', networkSource), "<source network='NAME'/>")}),
  bridge: of({source: required(child('source', bridgeSource), "<source bridge='NAME'/>")}),
  internal: of({source: child('source', record({name: attr('name', text)}))}),
  direct: of({source: required(child('source', directSource), "<source dev='eth0' mode='bridge'/>")}),
  hostdev: record({
    ...start,
    managed: attr('managed', yesNo),
    source: required(child('source', hostSource), "<source><address type='pci' bus='0x01'/></source>"),
    ...withoutDriver,
    hostDriver: childAttr('driver', 'name', oneOf('vfio', 'kvm', 'xen')),
    ...deviceParts,
  }),
  vdpa: of({
    source: required(
      child('source', record({dev: required(attr('dev', absolutePathText), "dev='/dev/vhost-vdpa-0'")})),
      "<source dev='/dev/vhost-vdpa-0'/>",
    ),
  }),
  null: of({}),
  vds: of({source: required(child('source', virtualSwitch), "<source switchid='UUID'/>")}),
});

/** The source of a vhost-user interface is a socket, written like that of a character device. */
function vhostUserSource() {
  return child(
    'source',
    record({
      type: withDefault(attr('type', oneOf('unix')), 'unix'),
      path: attr('path', absolutePathText),
      mode: attr('mode', oneOf('client', 'server')),
      reconnect: child('reconnect', reconnect),
    }),
  );
}

export type InterfaceFields = ValueOf<typeof interfaceField>;

/** A network interface. `mac` is lower case with colons; without a model it is the emulator's usual one. */
export type InterfaceDef = InterfaceFields & {readonly kind: 'interface'; readonly mac: string};

/** One whose adapter is the emulator's, not a card of the host. */
export type GuestNic = Exclude<InterfaceDef, {readonly type: 'hostdev'}>;
