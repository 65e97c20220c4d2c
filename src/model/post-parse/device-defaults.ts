import {isX86} from '../arch.ts';
import type {ControllerDef} from '../devices/controller.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import type {GraphicsDef} from '../devices/graphics.ts';
import type {InputDef} from '../devices/input.ts';
import type {InterfaceDef} from '../devices/interface.ts';
import {DEFAULT_RANDOM, type RngDef} from '../devices/rng.ts';
import type {ShmemDef} from '../devices/shmem.ts';
import {DEFAULT_TPM, type TpmDef, tpmVersion} from '../devices/tpm.ts';
import type {DomainDef} from '../domain-def.ts';
import {completeDisk} from './complete-disk.ts';
import type {CompletionFacts} from './completion-facts.ts';

/** Fills in what a device does not say. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDeviceDefPostParse. */
export function completeDevices(def: DomainDef, facts: CompletionFacts): DomainDef {
  return {...def, devices: def.devices.map(device => completeDevice(device, def, facts))};
}

function completeDevice(device: DeviceDef, def: DomainDef, facts: CompletionFacts): DeviceDef {
  switch (device.kind) {
    case 'controller':
      return completeController(device, def, facts);
    case 'disk':
      return completeDisk(device);
    case 'interface':
      return completeInterface(device, facts);
    case 'graphics':
      return completeGraphics(device);
    case 'input':
      return {...device, ...busOf(device, def)};
    case 'panic':
      return {...device, model: device.model ?? 'isa'};
    case 'rng':
      return completeRng(device);
    case 'tpm':
      return completeTpm(device, def);
    case 'vsock':
      return {
        ...device,
        model: device.model ?? 'virtio',
        cid: {auto: device.cid?.address === undefined, ...device.cid},
      };
    case 'shmem':
      return completeShmem(device);
    case 'smartcard':
      return device.address ? device : {...device, address: {type: 'ccid', controller: 0, slot: 0}};
    default:
      return device;
  }
}

/** Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainShmemDefPostParse. */
function completeShmem(shmem: ShmemDef): ShmemDef {
  const sized = shmem.model === 'ivshmem-plain' ? {sizeMiB: 4n, ...shmem} : shmem;
  return sized.msi ? {...sized, msi: {ioeventfd: true, ...sized.msi}} : sized;
}

type Candidates = readonly (readonly [device: string, model: string])[];

const PIIX3: Candidates = [['piix3-usb-uhci', 'piix3-uhci']];
const USUAL_SCSI: Candidates = [
  ['lsi53c895a', 'lsilogic'],
  ['virtio-scsi-pci', 'virtio-scsi'],
];

/** The models of controllers that have no other by their board, best first. */
function usualModels(type: ControllerDef['type'], arch: string): Candidates {
  if (type === 'scsi') return USUAL_SCSI;
  if (type !== 'usb') return [];
  return isX86(arch) ? PIIX3 : [...PIIX3, ['pci-ohci', 'pci-ohci']];
}

function completeController(controller: ControllerDef, {os}: DomainDef, {devices}: CompletionFacts): ControllerDef {
  const usual = usualModels(controller.type, os.arch).find(([device]) => devices.has(device));
  return controller.model !== undefined || !usual ? controller : {...controller, model: usual[1]};
}

function completeInterface(nic: InterfaceDef, {devices}: CompletionFacts): InterfaceDef {
  if (nic.model !== undefined || nic.type === 'hostdev') return nic;
  return {...nic, model: nic.type === 'vdpa' ? 'virtio' : usualModel(devices)};
}

function usualModel(devices: ReadonlySet<string>): string {
  if (devices.has('rtl8139')) return 'rtl8139';
  if (devices.has('e1000')) return 'e1000';
  return devices.has('virtio-net-pci') ? 'virtio' : 'rtl8139';
}

/** SPICE without any port has no server that anybody could connect to from outside. */
function completeGraphics(screen: GraphicsDef): GraphicsDef {
  if (screen.type !== 'spice' || screen.autoport || screen.port !== 0 || screen.tlsPort !== 0) return screen;
  const [first, ...rest] = screen.listens;
  if (first?.type !== 'address' || first.address !== undefined) return screen;
  return {...screen, listens: [{type: 'none'}, ...rest]};
}

function busOf({type, bus}: InputDef, {os}: DomainDef): Pick<InputDef, 'bus'> {
  if (bus !== undefined || type === 'evdev') return {};
  if (type === 'passthrough') return {bus: 'virtio'};
  return {bus: isX86(os.arch) && type !== 'tablet' ? 'ps2' : 'usb'};
}

function completeTpm(tpm: TpmDef, {os}: DomainDef): TpmDef {
  const made = {...tpm, model: tpm.model ?? ('tpm-tis' as const)};
  const {backend} = made;
  if (backend.type === 'emulator') return {...made, backend: {...backend, version: tpmVersion(made, os.arch)}};
  return backend.type === 'passthrough' ? {...made, backend: {devices: [DEFAULT_TPM], ...backend}} : made;
}

function completeRng(rng: RngDef): RngDef {
  const {backend} = rng;
  return backend.model === 'random' ? {...rng, backend: {path: DEFAULT_RANDOM, ...backend}} : rng;
}
