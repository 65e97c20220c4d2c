import {attr, list, needed} from '../fields/element-fields.ts';
import type {RequiredField} from '../fields/field.ts';
import {hostName} from '../fields/names.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {absolutePathText, text} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import type {ElementReader} from '../xml/element-reader.ts';

/** An IP address or a host's name, as far as its characters tell. */
const HOST = /^[A-Za-z0-9.:%_-]+$/;

const address = attr('address', hostName);

const listenField = variants('type', {
  address: record({address}),
  network: record({network: needed(attr('network', text)), address}),
  socket: record({socket: attr('socket', absolutePathText)}),
  none: record({}),
});

/** Where a screen's server listens. */
export type GraphicsListen = ValueOf<typeof listenField>;

const elements = list('listen', listenField);

/**
 * All places where a server listens, at least one; `{type: 'address'}` without an address is the configured default.
 * The address of the first is said a second time by an attribute of `<graphics>`, as in the time when there was only one.
 */
export const listensField: RequiredField<readonly GraphicsListen[]> = {
  required: true,
  read: (reader, context) => {
    const attributes = {listen: checkHost(reader, 'listen'), socket: reader.attribute('socket')};
    for (const child of reader.children('listen')) {
      if (child.element.attributes.get('type') !== 'socket' && child.element.attributes.get('type') !== 'none')
        checkHost(child, 'address');
    }
    const given = elements.read(reader, context) ?? [];
    if (attributes.socket !== undefined) checkAlone(reader);
    const [first, ...rest] = given.map(listen => (context.live ? listen : withoutLiveAddress(listen)));
    if (first) return [mergeFirst(reader, first, attributes), ...rest];
    if (attributes.socket) return [{type: 'socket', socket: attributes.socket}];
    return [{type: 'address', ...(attributes.listen ? {address: attributes.listen} : {})}];
  },
  write: (listens, into, context) => {
    const [first] = listens;
    if ((first?.type === 'address' || first?.type === 'network') && first.address) {
      into.attributes.push(['listen', first.address]);
    }
    elements.write(listens, into, context);
  },
};

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, graphic. */
function checkAlone(reader: ElementReader): void {
  for (const name of ['port', 'autoport', 'websocket', 'listen', 'sharePolicy', 'powerControl']) {
    if (reader.element.attributes.has(name)) reader.schemaError(`attribute '${name}' does not go with 'socket'`, name);
  }
}

/** The address that a network has had is no wish. */
function withoutLiveAddress(listen: GraphicsListen): GraphicsListen {
  if (listen.type !== 'network') return listen;
  const {address: _, ...wish} = listen;
  return wish;
}

function mergeFirst(
  reader: ElementReader,
  first: GraphicsListen,
  {listen, socket}: {readonly listen: string | undefined; readonly socket: string | undefined},
): GraphicsListen {
  if (first.type === 'socket' && first.socket === undefined && socket) return {...first, socket};
  if (first.type !== 'address' || !listen) return first;
  if (first.address !== undefined && first.address !== listen) {
    const what = `the listen attribute '${listen}' of <graphics> must match the address '${first.address}' of <listen>`;
    reader.child('listen')?.error(what, 'address');
  }
  return {type: 'address', address: listen};
}

function checkHost(reader: ElementReader, attribute: string): string | undefined {
  const value = reader.attribute(attribute) || undefined;
  if (value !== undefined && !HOST.test(value)) {
    reader.error(`'${value}' is neither an IP address nor the name of a host`, attribute);
  }
  if (value !== undefined && hostName.schema?.accepts(value) === false)
    reader.schemaError(`'${value}' is neither an IP address nor the name of a host`, attribute);
  return value;
}
