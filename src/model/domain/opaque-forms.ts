import {attr, child, list, needed} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {nodeSet} from '../fields/node-set.ts';
import {record} from '../fields/record.ts';
import {integer, oneOf, onOff, text} from '../fields/scalar.ts';
import {unitText} from '../fields/size.ts';

/** What the schema wants of parts that a definition keeps as they stand. Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng. */

const whole = integer();
const vcpus = needed(attr('vcpus', nodeSet));
const state = needed(attr('state', onOff));

/** An element of several, of which at least one has to be there. */
function anyOf(field: Field<object>, ...names: readonly string[]): Field<object> {
  return {
    ...field,
    read: (reader, context) => {
      const value = field.read(reader, context);
      if (!names.some(name => reader.child(name)))
        reader.schemaError(`<${reader.name}> is not complete: <${names.join('> or <')}> is missing`);
      return value;
    },
  };
}

const cacheShare = record({
  id: needed(attr('id', whole)),
  level: needed(attr('level', whole)),
  type: needed(attr('type', oneOf('both', 'code', 'data'))),
  size: needed(attr('size', whole)),
  unit: attr('unit', unitText),
});

export const CACHETUNE = anyOf(
  record({
    vcpus,
    id: attr('id', text),
    caches: list('cache', cacheShare),
    monitors: list('monitor', record({level: needed(attr('level', whole)), vcpus})),
  }),
  'cache',
  'monitor',
);

const bandwidthShare = record({id: needed(attr('id', whole)), bandwidth: needed(attr('bandwidth', whole))});

export const MEMORYTUNE = anyOf(
  record({vcpus, nodes: list('node', bandwidthShare), monitors: list('monitor', record({vcpus}))}),
  'node',
  'monitor',
);

export const XEN = record({
  e820Host: child('e820_host', record({state})),
  passthrough: child('passthrough', record({state, mode: attr('mode', oneOf('sync_pt', 'share_pt'))})),
});

/** Source: Linux, capabilities(7). */
const CAPABILITY_NAMES = [
  'audit_control',
  'audit_write',
  'block_suspend',
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'ipc_lock',
  'ipc_owner',
  'kill',
  'lease',
  'linux_immutable',
  'mac_admin',
  'mac_override',
  'mknod',
  'net_admin',
  'net_bind_service',
  'net_broadcast',
  'net_raw',
  'setgid',
  'setfcap',
  'setpcap',
  'setuid',
  'sys_admin',
  'sys_boot',
  'sys_chroot',
  'sys_module',
  'sys_nice',
  'sys_pacct',
  'sys_ptrace',
  'sys_rawio',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'syslog',
  'wake_alarm',
] as const;

export const CAPABILITIES = record({
  policy: needed(attr('policy', oneOf('default', 'allow', 'deny'))),
  ...Object.fromEntries(CAPABILITY_NAMES.map(name => [name, child(name, record({state}))])),
});
