import {attr, child, list, presence, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, oneOf, text, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

const activePcrBanks = record({
  sha1: presence('sha1'),
  sha256: presence('sha256'),
  sha384: presence('sha384'),
  sha512: presence('sha512'),
});

const externalSource = record({
  type: required(attr('type', oneOf('unix')), "type='unix'"),
  mode: attr('mode', oneOf('connect', 'bind')),
  path: attr('path', absolutePathText),
});

const backend = variants('type', {
  passthrough: record({devices: list('device', attr('path', absolutePathText))}),
  emulator: record({
    version: attr('version', oneOf('1.2', '2.0')),
    persistentState: attr('persistent_state', yesNo),
    encryptionSecret: child('encryption', attr('secret', text)),
    activePcrBanks: child('active_pcr_banks', activePcrBanks),
  }),
  external: record({source: required(child('source', externalSource), "<source type='unix' path='PATH'/>")}),
});

const shape = {
  model: attr('model', oneOf('tpm-tis', 'tpm-crb', 'tpm-spapr', 'spapr-tpm-proxy')),
  backend: required(child('backend', backend), "<backend type='emulator'/>"),
  ...deviceParts,
};

/** A trusted platform module. */
export type TpmDef = {readonly kind: 'tpm'} & RecordOf<typeof shape>;
export const tpmCodec = recordCodec('tpm', 'tpm', record(shape), {
  isStarted: ({backend: made}) => made.type !== 'emulator',
});
