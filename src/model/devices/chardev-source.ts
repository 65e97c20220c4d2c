import {deviceSeclabels} from '../domain/seclabel.ts';
import {attr, child, childAttr, list, needed, required, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {hostPath} from '../fields/names.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {absolutePathText, integer, matching, oneOf, onOff, text, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';

const EXAMPLE = "<source path='PATH'/>";

export const reconnect = record({enabled: needed(attr('enabled', yesNo)), timeoutSeconds: attr('timeout', integer())});

const mode = withDefault(attr('mode', oneOf('connect', 'bind')), 'connect');

const nothing = record({});

/** A device, pipe or file of the host. */
const path = {path: required(attr('path', hostPath), "path='PATH'"), seclabels: deviceSeclabels};

const tcp = forClients(
  record({
    mode,
    host: attr('host', text),
    service: attr('service', text),
    tls: attr('tls', yesNo),
    reconnect: child('reconnect', reconnect),
  }),
);

const unix = forClients(
  record({
    mode,
    path: attr('path', hostPath),
    reconnect: child('reconnect', reconnect),
    seclabels: deviceSeclabels,
  }),
);

/** Only who connects can do so again. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainChrSourceReconnectDefParseXML. */
function forClients<T extends {readonly mode: 'connect' | 'bind'; readonly reconnect?: object}>(
  field: Field<T>,
): Field<T> {
  return {
    ...field,
    read: (reader, context) => {
      const value = field.read(reader, context);
      if (value?.mode === 'bind' && value.reconnect) {
        reader.child('reconnect')?.error("only a line that connects can do so again: it needs mode='connect'");
      }
      return value;
    },
  };
}

const udpSources = list('source', record({mode, host: attr('host', text), service: attr('service', text)}));

/** Where to send has to be told. Source: libvirt 9.0.0, src/conf/domain_validate.c, virDomainChrSourceDefValidate. */
const sendingSources: typeof udpSources = {
  ...udpSources,
  read: (reader, context) => {
    const sources = udpSources.read(reader, context);
    const sends = sources?.some(source => source.mode === 'connect' && source.service !== undefined);
    if (sources && !sends) {
      reader.error(
        `<${reader.name} type='udp'> does not say which port to send to: <source mode='connect' service='N'/>`,
      );
    }
    return sources;
  },
};

const spiceChannel = matching(/^[\w.-]+$/, "a name of letters, digits, '.', '_' and '-'");

const protocol = child('protocol', attr('type', oneOf('raw', 'telnet', 'telnets', 'tls')));

/** Without a path the driver chooses one, and nothing is printed. */
const unixSource: Field<ValueOf<typeof unix> | {readonly path?: never}> = {
  read: (reader, context) => {
    const source = reader.child('source');
    // A protocol is for TCP; on a socket of the host it says nothing.
    protocol.read(reader, context);
    const read = source && unix.read(source, context);
    return read?.path === undefined ? {} : read;
  },
  write: (value, into, context) => {
    if (value.path !== undefined) child('source', unix).write(value, into, context);
  },
};

/** The path of a pty, and libvirt's old attribute `tty` for it, come from a running domain: they are no wish. */
const pty: Field<{readonly path?: string}> = {
  read: (reader, context) => {
    const tty = reader.attribute('tty');
    const given = reader.child('source')?.attribute('path') ?? tty;
    return context.live && given ? {path: given} : {};
  },
  write: ({path: slave}, into, context) => {
    if (context.live && slave !== undefined) {
      into.children.push({name: 'source', attributes: [['path', slave]], content: []});
    }
  },
};

const anySource = variants('type', {
  pty,
  file: required(child('source', record({...path, append: attr('append', onOff)})), EXAMPLE),
  null: nothing,
  vc: nothing,
  stdio: nothing,
  dev: required(child('source', record(path)), EXAMPLE),
  pipe: required(child('source', record(path)), EXAMPLE),
  unix: unixSource,
  tcp: record({
    source: required(child('source', tcp), "<source mode='connect' host='HOST' service='PORT'/>"),
    protocol: withDefault(protocol, 'raw'),
  }),
  udp: record({
    sources: required(sendingSources, "<source mode='connect' host='HOST' service='PORT'/>"),
  }),
  spicevmc: nothing,
  spiceport: required(
    child('source', record({channel: required(attr('channel', spiceChannel), "channel='NAME'")})),
    "<source channel='NAME'/>",
  ),
  nmdm: required(
    child('source', record({master: attr('master', absolutePathText), slave: attr('slave', absolutePathText)})),
    "<source master='PATH' slave='PATH'/>",
  ),
  'qemu-vdagent': record({
    source: child(
      'source',
      record({
        clipboardCopypaste: childAttr('clipboard', 'copypaste', yesNo),
        mouseMode: childAttr('mouse', 'mode', oneOf('client', 'server')),
      }),
    ),
  }),
  dbus: record({source: child('source', record({channel: attr('channel', text)}))}),
});

/** What the schema lets stand in the source of every type. Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, qemucdevSrcDef. */
const IDLE = [
  '@mode',
  '@path',
  '@host',
  '@service',
  '@channel',
  '@master',
  '@slave',
  '@append',
  '@tls',
  'reconnect',
  'seclabel*',
  'clipboard',
  'mouse',
];

/** The host's side of a character device. Source: libvirt 9.0.0, docs/formatdomain, "Host interface". */
export const chardevSource: typeof anySource = {
  ...anySource,
  read: (reader, context) => {
    reader.allowIdle('source*', 'protocol');
    if (reader.isStrict) for (const source of reader.children('source')) source.allowIdle(...IDLE);
    return anySource.read(reader, context);
  },
};

export type ChardevSource = ValueOf<typeof chardevSource>;

const log = record({
  file: required(attr('file', absolutePathText), "file='PATH'"),
  append: attr('append', onOff),
});

/** What every character device has. `log`: everything the guest writes, also while nobody listens. */
export const chardevParts = {log: child('log', log)};
