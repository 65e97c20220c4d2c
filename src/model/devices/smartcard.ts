import {list, ownTextOrNone, required, textChild} from '../fields/element-fields.ts';
import {inOrder} from '../fields/kinds.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, text} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import {chardevResources} from './chardev-resources.ts';
import {chardevSource} from './chardev-source.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';

const any = list('certificate', ownTextOrNone(text));

const certificates: typeof any = {
  ...any,
  read: (reader, context) => {
    const {length} = reader.children('certificate');
    if (length !== 3) reader.schemaError(`there are ${length} certificates: there must be three`);
    return any.read(reader, context);
  },
};

const cards = {
  host: record({}),
  'host-certificates': record({
    certificates: required(certificates, 'three times <certificate>FILE</certificate>'),
    database: textChild('database', absolutePathText),
  }),
  passthrough: record({source: required(chardevSource, "type='tcp' or the like")}),
};

const shape = {
  card: required(variants('mode', cards), "mode='host' or the like"),
  ...deviceParts,
};

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, smartcard. */
const ORDER = ['certificate', 'database', 'acpi', 'address'];

/** A smart card reader, and what is in it. */
export type SmartcardDef = {readonly kind: 'smartcard'} & RecordOf<typeof shape>;
export const smartcardCodec = recordCodec('smartcard', 'smartcard', inOrder(record(shape), ...ORDER), {
  isStarted: () => true,
  hostResources: cardResources,
});

function cardResources({card}: SmartcardDef): readonly HostResource[] {
  if (card.mode === 'passthrough') return chardevResources(card, 'smart card');
  if (card.mode === 'host' || card.database === undefined) return [];
  const shape = {type: 'dir', access: 'read', shared: true, created: false, device: 'smart card'} as const;
  return [{role: 'smartcard', path: card.database, ...shape}];
}
