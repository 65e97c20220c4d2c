import {attr, child, list, needed, ownTextOrNone, required, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {nodeSet} from '../fields/node-set.ts';
import {type RecordOf, record, type ValueOf} from '../fields/record.ts';
import {integer, oneOf, text, within, written, yesNo} from '../fields/scalar.ts';
import {sizeAttribute, sizeBytesAttribute} from '../fields/size.ts';

const whole = integer();

const topology = record({
  sockets: required(attr('sockets', integer(1)), "sockets='N'"),
  dies: withDefault(attr('dies', integer(1)), 1),
  cores: required(attr('cores', integer(1)), "cores='N'"),
  threads: required(attr('threads', integer(1)), "threads='N'"),
});

const featureName = written(text, /^[A-Za-z0-9_.-]+$/, 'the name of a feature');

const feature = record({
  policy: needed(attr('policy', oneOf('force', 'require', 'optional', 'disable', 'forbid'))),
  name: required(attr('name', featureName), "name='NAME'"),
});

/** A size in an attribute, whose unit the schema wants to be said. */
function withUnit(field: Field<bigint>): Field<bigint> {
  return {
    ...field,
    read: (reader, context) => {
      for (const name of ['value', 'unit']) {
        if (!reader.element.attributes.has(name))
          reader.schemaError(`<${reader.name}> is not complete: ${name}='...' is missing`);
      }
      return field.read(reader, context);
    },
  };
}

const cellCache = record({
  level: required(attr('level', whole), "level='1'"),
  associativity: needed(attr('associativity', oneOf('none', 'direct', 'full'))),
  policy: needed(attr('policy', oneOf('none', 'writeback', 'writethrough'))),
  sizeKiB: needed(child('size', withUnit(sizeAttribute('value')))),
  lineBytes: needed(child('line', withUnit(sizeBytesAttribute('value')))),
});

const sibling = record({id: needed(attr('id', whole)), value: needed(attr('value', within(integer(0, 255), 10, 255)))});

const cell = record({
  id: attr('id', whole),
  cpus: attr('cpus', nodeSet),
  memoryKiB: required(sizeAttribute('memory'), "memory='N'"),
  memAccess: attr('memAccess', oneOf('shared', 'private')),
  discard: attr('discard', yesNo),
  distances: child('distances', needed(list('sibling', sibling))),
  caches: list('cache', cellCache),
});

type Cell = ValueOf<typeof cell>;

const cellList = list('cell', cell);

/** One of the guest's NUMA cells. */
export type NumaCell = Cell & {readonly id: number};

/** Cells without a number are numbered in their order. */
const cells: Field<readonly NumaCell[]> = {
  ...cellList,
  read: (reader, context) => cellList.read(reader, context)?.map((made, index) => ({...made, id: made.id ?? index})),
};

const between = {
  initiator: needed(attr('initiator', whole)),
  target: needed(attr('target', whole)),
  cache: attr('cache', integer(0, 3)),
  type: needed(attr('type', oneOf('access', 'read', 'write'))),
};

const interconnects = record({
  latencies: list('latency', record({...between, value: needed(attr('value', whole))})),
  bandwidths: list('bandwidth', record({...between, valueKiB: withUnit(sizeAttribute('value'))})),
});

const numa = record({cells: needed(cells), interconnects: child('interconnects', interconnects)});

const model = record({
  fallback: attr('fallback', oneOf('allow', 'forbid')),
  vendorId: attr('vendor_id', written(text, /^[^,]{12}$/, "12 characters without ','")),
  name: ownTextOrNone(text),
});

const shape = {
  mode: attr('mode', oneOf('custom', 'host-model', 'host-passthrough', 'maximum')),
  match: attr('match', oneOf('minimum', 'exact', 'strict')),
  check: attr('check', oneOf('none', 'partial', 'full')),
  migratable: attr('migratable', oneOf('on', 'off')),
  model: child('model', model),
  vendor: child('vendor', ownTextOrNone(text)),
  topology: child('topology', topology),
  cache: child(
    'cache',
    record({
      level: attr('level', within(whole, 1, 3)),
      mode: needed(attr('mode', oneOf('emulate', 'passthrough', 'disable'))),
    }),
  ),
  maxphysaddr: child(
    'maxphysaddr',
    record({mode: needed(attr('mode', oneOf('passthrough', 'emulate'))), bits: attr('bits', whole)}),
  ),
  features: list('feature', feature),
  numa: child('numa', numa),
};

/** The processor that the guest sees. Source: libvirt 9.0.0, docs/formatdomain, "CPU model and topology". */
export type CpuDef = RecordOf<typeof shape>;

const cpuRecord = record(shape);

/** `<cpu>` with the defaults that libvirt's reader fills in: with a model, the mode is `custom` and the match `exact`. */
export const cpuField: Field<CpuDef> = child('cpu', {
  ...cpuRecord,
  read: (reader, context) => {
    const cpu = cpuRecord.read(reader, context);
    return cpu && withCpuDefaults(cpu);
  },
});

function withCpuDefaults(cpu: CpuDef): CpuDef {
  const custom = cpu.mode === 'custom' || (cpu.mode === undefined && cpu.model !== undefined);
  const named = custom && cpu.model !== undefined;
  return {
    ...cpu,
    ...(custom ? {mode: 'custom'} : {}),
    ...(named ? {match: cpu.match ?? 'exact', model: {fallback: 'allow', ...cpu.model}} : {}),
    ...(cpu.features ? {features: cpu.features.map(made => ({policy: 'require' as const, ...made}))} : {}),
  };
}
