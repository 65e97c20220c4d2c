import {attr, child, childAttr, needed, required, withDefault} from '../fields/element-fields.ts';
import {kept} from '../fields/kept.ts';
import {checkKindOf, type KindRules, ofKinds} from '../fields/kinds.ts';
import {whileLive} from '../fields/live.ts';
import {deviceName, hostPath, ipv4Address, isDeviceName} from '../fields/names.ts';
import {record, type Shape, type ValueOf} from '../fields/record.ts';
import {absolutePathText, hex, integer, matching, oneOf, text, written, yesNo} from '../fields/scalar.ts';
import {uuidText} from '../fields/uuid.ts';
import {variants} from '../fields/variants.ts';
import {pciAddressField, usbNumber} from './address.ts';
import {byProductOrPlace} from './by-product-or-place.ts';
import {reconnect} from './chardev-source.ts';
import {deviceParts} from './device-base.ts';
import {afterModel, beforeModel, ipParts, macField} from './interface-parts.ts';

/** Source of the pattern: libvirt 9.0.0, src/conf/domain_conf.c, virDomainNetModelTypeParse. */
const modelName = matching(/^[A-Za-z0-9_-]+$/, "made of nothing but letters, digits, '-' and '_'");

const modelField = childAttr('model', 'type', modelName);

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
const address = attr('address', ipv4Address);
const local = child('local', record({address: needed(address), port: needed(port)}));

function of<const S extends Shape>(source: S) {
  return record({...start, ...source, ...common});
}

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, interface. */
const ENDPOINTS: KindRules = {
  server: {may: ['@address']},
  client: {must: ['@address']},
  mcast: {must: ['@address']},
  udp: {must: ['@address', 'local']},
};

function endpoint(type: 'server' | 'client' | 'mcast' | 'udp') {
  const source = record({address, port: needed(port), local});
  const read: typeof source.read = (reader, context) => {
    checkKindOf(reader, `the <source> of type '${type}'`, type, ENDPOINTS);
    return source.read(reader, context);
  };
  return of({source: needed(child('source', {...source, read}))});
}

const bridgeName = written(text, /^[A-Za-z0-9_.\\:/ -]*$/, 'the name of a bridge');
const vdpaDevice = written(hostPath, isDeviceName, 'the name of a device');

/** Of the time before libvirt 0.9; the schema has the addresses of the host's side there. */
const noDevice = written(text, () => false, 'left out');

/** Of a running domain: the network of the host that an interface came from. */
const fromNetwork = {
  network: whileLive(attr('network', text)),
  portgroup: whileLive(attr('portgroup', deviceName)),
  portid: whileLive(attr('portid', uuidText)),
};
const macTableManager = whileLive(attr('macTableManager', oneOf('kernel', 'libvirt')));

const networkSource = record({
  network: required(attr('network', text), "network='NAME'"),
  portgroup: attr('portgroup', deviceName),
  portid: whileLive(attr('portid', uuidText)),
  bridge: whileLive(attr('bridge', bridgeName)),
  macTableManager,
});

const bridgeSource = record({
  ...fromNetwork,
  bridge: required(attr('bridge', bridgeName), "bridge='NAME'"),
  macTableManager,
});

const directSource = record({
  ...fromNetwork,
  dev: required(attr('dev', deviceName), "dev='eth0'"),
  mode: withDefault(attr('mode', oneOf('vepa', 'private', 'bridge', 'passthrough')), 'vepa'),
});

const usbAddress = record({bus: needed(attr('bus', usbNumber)), device: needed(attr('device', usbNumber))});

/** A card of the host, on its PCI or USB bus. */
const hostRecord = record({
  missing: whileLive(attr('missing', yesNo)),
  vendorId: childAttr('vendor', 'id', hex(4, 0xffff)),
  productId: childAttr('product', 'id', hex(4, 0xffff)),
  address: child('address', variants('type', {pci: pciAddressField, usb: usbAddress})),
});

const hostSource = byProductOrPlace(hostRecord);

const virtualSwitch = record({
  switchid: required(attr('switchid', uuidText), "switchid='UUID'"),
  portid: needed(attr('portid', written(text, /^-?[0-9]+$/, 'a whole number'))),
  portgroupid: needed(attr('portgroupid', text)),
  connectionid: needed(attr('connectionid', written(text, /^-?[0-9]+$/, 'a whole number'))),
});

const {driver: _own, ...withoutDriver} = common;

const anyInterface = variants('type', {
  user: of({source: child('source', record({dev: needed(attr('dev', deviceName))}))}),
  ethernet: of({source: child('source', record({dev: attr('dev', noDevice), ...ipParts}))}),
  vhostuser: of({source: required(vhostUserSource(), "<source type='unix' path='PATH'/>")}),
  server: endpoint('server'),
  client: endpoint('client'),
  mcast: endpoint('mcast'),
  udp: endpoint('udp'),
  network: of({source: required(child('source', networkSource), "<source network='NAME'/>")}),
  bridge: of({source: required(child('source', bridgeSource), "<source bridge='NAME'/>")}),
  internal: of({source: needed(child('source', record({name: needed(attr('name', deviceName))})))}),
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
      child('source', record({dev: required(attr('dev', vdpaDevice), "dev='/dev/vhost-vdpa-0'")})),
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
      type: withDefault(needed(attr('type', oneOf('unix'))), 'unix'),
      path: needed(attr('path', absolutePathText)),
      mode: needed(attr('mode', oneOf('client', 'server'))),
      reconnect: child('reconnect', reconnect),
    }),
  );
}

const PORTED = {may: ['virtualport']};

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, interface. */
const KINDS: KindRules = {
  user: {},
  ethernet: {},
  vhostuser: {},
  server: {},
  client: {},
  mcast: {},
  udp: {},
  network: PORTED,
  bridge: PORTED,
  internal: {},
  direct: PORTED,
  hostdev: PORTED,
  vdpa: {},
  null: {},
  vds: {},
};

/** An interface by its type. */
export const interfaceField = ofKinds(anyInterface, 'type', KINDS);

export type InterfaceFields = ValueOf<typeof interfaceField>;

/** A network interface. `mac` is lower case with colons; without a model it is the emulator's usual one. */
export type InterfaceDef = InterfaceFields & {readonly kind: 'interface'; readonly mac: string};

/** One whose adapter is the emulator's, not a card of the host. */
export type GuestNic = Exclude<InterfaceDef, {readonly type: 'hostdev'}>;
