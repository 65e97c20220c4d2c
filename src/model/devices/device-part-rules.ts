import type {KindRules} from '../fields/kinds.ts';

const WHERE = ['alias', 'address'];
const USUAL = [...WHERE, 'acpi'];

/**
 * Which of the parts that every device may have, the schema lets which one have.
 * Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng.
 */
export const DEVICE_PART_RULES: KindRules = {
  disk: {may: [...USUAL, 'boot']},
  controller: {may: [...USUAL, 'master']},
  filesystem: {may: [...USUAL, 'boot']},
  interface: {may: [...USUAL, 'boot', 'rom']},
  hostdev: {may: [...USUAL, 'boot', 'rom']},
  redirdev: {may: [...WHERE, 'boot']},
  serial: {may: USUAL},
  parallel: {may: USUAL},
  console: {may: USUAL},
  channel: {may: WHERE},
  smartcard: {may: ['acpi', 'address']},
  input: {may: USUAL},
  sound: {may: USUAL},
  video: {may: USUAL},
  watchdog: {may: USUAL},
  memballoon: {may: USUAL},
  rng: {may: USUAL},
  shmem: {may: USUAL},
  memory: {may: USUAL},
  iommu: {may: USUAL},
  vsock: {may: USUAL},
  tpm: {may: WHERE},
  hub: {may: WHERE},
  panic: {may: WHERE},
  nvram: {may: ['address']},
  redirfilter: {},
  lease: {},
  graphics: {},
  audio: {},
};
