import {attr, child, required, withDefault} from '../fields/element-fields.ts';
import {elementOf, type Field} from '../fields/field.ts';
import {KEPT, kept} from '../fields/kept.ts';
import {whileLive} from '../fields/live.ts';
import {record, type Shape, type ValueOf} from '../fields/record.ts';
import {absolutePathText, integer, matching, oneOf, text, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import {pciAddressField} from './address.ts';
import {deviceParts} from './device-base.ts';
import type {DeviceCodec} from './device-codec.ts';
import {afterModel, beforeModel, macField} from './interface-parts.ts';

/** Source of the pattern: libvirt 9.0.0, src/conf/domain_conf.c, virDomainNetModelTypeParse. */
const modelName = matching(/^[A-Za-z0-9_-]+$/, "made of nothing but letters, digits, '-' and '_'");

const modelField = child('model', attr('type', modelName));

/** In libvirt's order, after the source. */
const common = {...beforeModel, model: modelField, ...afterModel, ...deviceParts};

/** What of an interface a start gives to the guest. */
const STARTED_PARTS: ReadonlySet<string> = new Set(['ips', 'model', 'driver', 'mtu', 'alias', 'address', 'boot']);

/** The same for the type that a start can make: what it leaves out is said. */
const commonStarted = Object.fromEntries(
  Object.entries(common).map(([name, field]) => [name, STARTED_PARTS.has(name) ? field : kept(field)]),
) as typeof common;

const trust = {trustGuestRxFilters: attr('trustGuestRxFilters', yesNo)};
const start = {...trust, mac: macField};
const port = attr('port', integer(1, 65535));
const address = attr('address', text);
const local = child('local', record({address, port}));

function of<const S extends Shape>(source: S) {
  return record({...start, ...source, ...common});
}

const endpoint = {source: child('source', record({address, port, local}))};

const interfaceField = variants('type', {
  user: record({...start, source: kept(child('source', record({dev: attr('dev', text)}))), ...commonStarted}),
  ethernet: of({source: child('source', record({dev: attr('dev', text)}))}),
  vhostuser: of({source: required(vhostUserSource(), "<source type='unix' path='PATH'/>")}),
  server: of(endpoint),
  client: of(endpoint),
  mcast: of(endpoint),
  udp: of(endpoint),
  network: of({
    source: required(
      child(
        'source',
        record({
          network: required(attr('network', text), "network='NAME'"),
          portgroup: attr('portgroup', text),
          portid: whileLive(attr('portid', text)),
        }),
      ),
      "<source network='NAME'/>",
    ),
  }),
  bridge: of({
    source: required(
      child('source', record({bridge: required(attr('bridge', text), "bridge='NAME'")})),
      "<source bridge='NAME'/>",
    ),
  }),
  internal: of({source: child('source', record({name: attr('name', text)}))}),
  direct: of({
    source: required(
      child(
        'source',
        record({
          dev: required(attr('dev', text), "dev='eth0'"),
          mode: withDefault(attr('mode', oneOf('vepa', 'private', 'bridge', 'passthrough')), 'vepa'),
        }),
      ),
      "<source dev='eth0' mode='bridge'/>",
    ),
  }),
  hostdev: of({
    managed: attr('managed', yesNo),
    hostDriver: child('driver', attr('name', oneOf('vfio', 'kvm', 'xen'))),
    source: required(
      child('source', record({address: required(child('address', hostAddress()), '<address>')})),
      "<source><address type='pci' bus='0x01'/></source>",
    ),
  }),
  vdpa: of({
    source: required(
      child('source', record({dev: required(attr('dev', absolutePathText), "dev='/dev/vhost-vdpa-0'")})),
      "<source dev='/dev/vhost-vdpa-0'/>",
    ),
  }),
});

/** The source of a vhost-user interface is a socket, written like that of a character device. */
function vhostUserSource() {
  return child(
    'source',
    record({
      type: withDefault(attr('type', oneOf('unix')), 'unix'),
      path: attr('path', absolutePathText),
      mode: attr('mode', oneOf('client', 'server')),
    }),
  );
}

/** `<address type='pci' .../>` of the host. */
function hostAddress(): Field<ValueOf<typeof pciAddressField>> {
  return {
    read: (reader, context) => {
      reader.choice('type', ['pci']);
      return pciAddressField.read(reader, context);
    },
    write: (value, into, context) => {
      into.attributes.push(['type', 'pci']);
      pciAddressField.write(value, into, context);
    },
  };
}

type InterfaceFields = ValueOf<typeof interfaceField>;

/** A network interface. `mac` is lower case with colons; without a model it is the emulator's usual one. */
export type InterfaceDef = InterfaceFields & {readonly kind: 'interface'; readonly mac: string};

const STARTED_TYPES: readonly string[] = ['user', 'server', 'client', 'mcast', 'udp'];

/** Network interfaces. */
export const interfaceCodec: DeviceCodec<InterfaceDef> = {
  elements: ['interface'],
  parse: (reader, context) => {
    const fields = interfaceField.read(reader, context);
    if (!fields) return undefined;
    if (!STARTED_TYPES.includes(fields.type)) reader.warn(`<interface type='${fields.type}'> ${KEPT}`, 'type');
    return {kind: 'interface', ...fields, mac: fields.mac ?? context.newMac()};
  },
  format: (device, options) => elementOf<InterfaceFields>('interface', interfaceField, device, options),
  hostResources: () => [],
};
