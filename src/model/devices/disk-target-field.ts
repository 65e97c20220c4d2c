import {attr} from '../fields/element-fields.ts';
import type {RequiredField} from '../fields/field.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {integer, oneOf, onOff} from '../fields/scalar.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {busOfTarget, DISK_BUSES, type DiskBus, targetIndex} from './disk-target.ts';

const shape = {
  tray: attr('tray', oneOf('open', 'closed')),
  removable: attr('removable', onOff),
  rotationRate: attr('rotation_rate', integer(1, 65534)),
};

const rest = record(shape);

/** Where a disk is: the bus, and its place on it by name, e.g. `hda`, `vdb`, `sdc`. */
export interface DiskTarget extends RecordOf<typeof shape> {
  readonly dev: string;
  readonly bus: DiskBus;
}

/** `<target dev= bus=>`; without a bus the name says it. */
export const diskTargetField: RequiredField<DiskTarget> = {
  required: true,
  read: (reader, context) => {
    const target = reader.child('target');
    const dev = target?.attribute('dev');
    if (target && dev) {
      const bus = parseBus(target, dev);
      return bus && {dev, bus, ...rest.read(target, context)};
    }
    reader.error("the disk has no target: <target dev='hda'/> or the like is missing");
    target?.tolerateAttributes('bus', 'tray');
    return undefined;
  },
  write: ({dev, bus, ...more}, into, context) => {
    const parts = {attributes: [...[['dev', dev] as const, ['bus', bus] as const]], children: [], text: undefined};
    rest.write(more, parts, context);
    into.children.push({name: 'target', attributes: parts.attributes, content: []});
  },
  place: {child: 'target'},
};

function parseBus(target: ElementReader, dev: string): DiskBus | undefined {
  const given = target.attribute('bus');
  const bus = given === undefined ? busOfTarget(dev) : DISK_BUSES.find(candidate => candidate === given);
  if (targetIndex(dev) === undefined) {
    target.error(`'${dev}' is not the name of a target: it must be like 'hda', 'sdb' or 'vda'`, 'dev');
    return undefined;
  }
  if (given === 'none') target.schemaError(`the bus '${given}' is not one of the schema`, 'bus');
  const [what, at] = given === undefined ? [`the target '${dev}'`, 'dev'] : [`the bus '${given}'`, 'bus'];
  if (!bus) target.error(`${what} is unknown: the buses are ${DISK_BUSES.join(', ')}`, at);
  return bus;
}
