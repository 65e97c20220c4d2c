import {isX86} from '../arch.ts';
import {attr, child, childAttr, list, needed, presence, required} from '../fields/element-fields.ts';
import {single} from '../fields/kinds.ts';
import {hostPath} from '../fields/names.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf, written, yesNo} from '../fields/scalar.ts';
import {uuidText} from '../fields/uuid.ts';
import {variants} from '../fields/variants.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';

/** Source: libvirt 9.0.0, src/util/virtpm.h, VIR_DOMAIN_TPM_DEFAULT_DEVICE. */
export const DEFAULT_TPM = '/dev/tpm0';

const activePcrBanks = record({
  sha1: presence('sha1'),
  sha256: presence('sha256'),
  sha384: presence('sha384'),
  sha512: presence('sha512'),
});

const externalSource = record({
  type: required(attr('type', oneOf('unix')), "type='unix'"),
  mode: needed(attr('mode', written(oneOf('connect', 'bind'), /^connect$/, "'connect'"))),
  path: needed(attr('path', hostPath)),
});

const backend = variants('type', {
  passthrough: record({devices: single(list('device', attr('path', hostPath)))}),
  emulator: record({
    version: attr('version', oneOf('1.2', '2.0')),
    persistentState: attr('persistent_state', yesNo),
    encryptionSecret: childAttr('encryption', 'secret', uuidText),
    activePcrBanks: child('active_pcr_banks', activePcrBanks),
  }),
  external: record({source: required(child('source', externalSource), "<source type='unix' path='PATH'/>")}),
});

/** Only an emulator has a version that can be chosen. */
const anyVersion: typeof backend = {
  ...backend,
  read: (reader, context) => {
    reader.allowIdle('@version');
    return backend.read(reader, context);
  },
};

const shape = {
  model: attr('model', oneOf('tpm-tis', 'tpm-crb', 'tpm-spapr', 'spapr-tpm-proxy')),
  backend: required(child('backend', anyVersion), "<backend type='emulator'/>"),
  ...deviceParts,
};

/** A trusted platform module. */
export type TpmDef = {readonly kind: 'tpm'} & RecordOf<typeof shape>;

/**
 * The version of an emulated TPM: what it says, else 1.2 for one of the old kind on a PC, as it has always been.
 *
 * @param arch  of the guest
 * @see libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainTPMDefPostParse
 */
export function tpmVersion({model = 'tpm-tis', backend: made}: TpmDef, arch: string): '1.2' | '2.0' {
  const version = made.type === 'emulator' ? made.version : undefined;
  return version ?? (model === 'tpm-tis' && isX86(arch) ? '1.2' : '2.0');
}

export const tpmCodec = recordCodec('tpm', 'tpm', record(shape), {
  isStarted: () => true,
  hostResources: tpmResources,
});

function tpmResources({backend: made}: TpmDef): readonly HostResource[] {
  const shape = {role: 'tpm', access: 'write', shared: false, created: false, device: 'tpm'} as const;
  switch (made.type) {
    case 'passthrough':
      return [{...shape, path: made.devices?.[0] ?? DEFAULT_TPM, type: 'char'}];
    case 'external':
      return made.source.path === undefined ? [] : [{...shape, path: made.source.path, type: 'socket'}];
    case 'emulator': // its files are the driver's
      return [];
  }
}
