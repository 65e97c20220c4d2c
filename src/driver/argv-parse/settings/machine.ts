import {machineProblem} from '../../../model/domain/parse-os.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {ownProperty} from '../own-property.ts';
import {parseOption} from '../parse-option.ts';
import {takeBoardObjects} from './board-objects.ts';
import {readPseriesFeatures} from './pseries-features.ts';

/** The board when no option names one. Source: libvirt 4.5.0, the first machine of each emulator in its tests. */
const USUAL_MACHINES: Readonly<Record<string, string>> = {
  i686: 'pc',
  x86_64: 'pc',
  ppc64: 'pseries',
  ppc64le: 'pseries',
  ppc: 'g3beige',
  s390x: 's390-ccw-virtio',
  aarch64: 'virt',
  armv7l: 'virt',
  riscv64: 'virt',
  sparc: 'SS-5',
  sparc64: 'sun4u',
  mips: 'malta',
  mipsel: 'malta',
  mips64: 'malta',
  mips64el: 'malta',
};

/** The board of an architecture. */
export function usualMachine(arch: string): string {
  return ownProperty(USUAL_MACHINES, arch) ?? 'none';
}

/** The accelerator that makes a domain one of type `kvm`; all others are `qemu` to the XML. */
const KVM = 'kvm';

/** `-machine` and `-M`. */
export function readMachine(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type');
  if (type) nameMachine(arg, type, draft);
  readAccelerators(
    bag.takeAll('accel').flatMap(value => value.split(':')),
    draft,
  );
  if (bag.takeSwitch('acpi') === false) draft.noAcpi = true;
  const dumpCore = bag.takeSwitch('dump-guest-core');
  if (dumpCore !== undefined) draft.sections.dumpCore = dumpCore;
  if (bag.takeSwitch('mem-merge') === false) setBacking(draft, {nosharepages: true});
  readKeywrap(draft, 'aes', bag.takeSwitch('aes-key-wrap'));
  readKeywrap(draft, 'dea', bag.takeSwitch('dea-key-wrap'));
  readBoardFeatures(draft, bag);
  readPseriesFeatures(draft, bag);
  takeBoardObjects(arg, bag, draft);
  const flash = bag.take('pflash0');
  if (flash !== undefined) draft.flashNodes.push({arg, node: flash, unit: 0});
  const memory = bag.take('memory-backend');
  if (memory !== undefined) draft.memoryBackend = {arg, id: memory};
  const variables = bag.take('pflash1');
  if (variables !== undefined) draft.flashNodes.push({arg, node: variables, unit: 1});
  const backend = bag.take('pcspk-audiodev');
  if (backend !== undefined) draft.pcSpeaker = {arg, backend};
  // What libvirt's driver and ours always write, or what says where the firmware talks.
  bag.drop('graphics', 'usb');
  // What follows from the devices and the NUMA cells that there are.
  for (const key of ['nvdimm', 'hmat']) if (bag.peek(key) === 'on') bag.drop(key);
  draft.keepRest(arg, bag);
}

/** Proxmox VE's emulators know a machine with `+pve` and a number, which no other emulator does. */
function nameMachine(arg: NativeArg, type: string, draft: NativeDraft): void {
  const [machine = '', changes] = type.split(/(\+pve\d+)$/);
  if (changes !== undefined) {
    draft.note(arg, `'${changes}' is of an emulator that is changed: the machine is that of all others`);
  }
  const problem = machineProblem(machine);
  if (problem !== undefined) draft.error(arg, problem);
  draft.machine = machine;
  draft.hasMachine = true;
}

function readAccelerators(words: readonly string[], draft: NativeDraft): void {
  if (words[0] === KVM) setKvm(draft);
}

/** As libvirt 4.5.0 does for `accel=kvm`: a guest on the processor itself is said to have PAE. */
function setKvm(draft: NativeDraft): void {
  draft.type = 'kvm';
  if (draft.isX86) draft.features.pae = true;
}

/** `-accel`. */
export function readAccel(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'accel');
  if (bag.take('accel') === KVM) draft.type = 'kvm';
  const irqchip = bag.takeWord('kernel-irqchip', ['on', 'split']) ?? bag.takeWord('kernel_irqchip', ['on', 'split']);
  if (irqchip !== undefined) draft.features.ioapicDriver = irqchip === 'split' ? 'qemu' : 'kvm';
  const ring = bag.takeNumber('dirty-ring-size');
  if (ring !== undefined) draft.features.kvm = {...draft.features.kvm, dirtyRing: {state: true, size: ring}};
  const megabytes = bag.takeNumber('tb-size');
  if (megabytes !== undefined) draft.features.tcg = {tbCacheKiB: BigInt(megabytes) * 1024n};
  draft.warnRest(arg, bag);
}

/** `-enable-kvm`. */
export function readEnableKvm(_arg: NativeArg, draft: NativeDraft): void {
  draft.type = 'kvm';
}

/** `-no-kvm` and `-no-kqemu`: software emulation. */
export function readNoKvm(_arg: NativeArg, draft: NativeDraft): void {
  draft.type = 'qemu';
}

type Backing = NonNullable<NativeDraft['sections']['memoryBacking']>;

const NO_BACKING: Backing = {nosharepages: false, locked: false, discard: false};

/** Adds to how the memory is backed. */
export function setBacking(draft: NativeDraft, more: Partial<Backing>): void {
  draft.sections.memoryBacking = {...NO_BACKING, ...draft.sections.memoryBacking, ...more};
}

function readKeywrap(draft: NativeDraft, name: 'aes' | 'dea', state: boolean | undefined): void {
  if (state === undefined) return;
  draft.sections.keywrap = [...(draft.sections.keywrap ?? []), {name, state}];
}

function readBoardFeatures(draft: NativeDraft, bag: ReturnType<typeof parseOption>): void {
  const vmport = bag.takeSwitch('vmport');
  if (vmport !== undefined) draft.features.vmport = {state: vmport};
  const smm = bag.takeSwitch('smm');
  if (smm !== undefined) draft.features.smm = {state: smm};
  const gic = bag.takeWord('gic-version', ['2', '3', '4', 'host']);
  if (gic !== undefined) draft.features.gic = {version: gic};
  if (bag.takeWord('iommu', ['smmuv3']) === 'smmuv3') draft.devices.push({kind: 'iommu', model: 'smmuv3'});
  const hpet = bag.takeSwitch('hpet');
  if (hpet !== undefined) draft.timers.push({name: 'hpet', present: hpet});
  const irqchip = bag.takeWord('kernel_irqchip', ['on', 'split']) ?? bag.takeWord('kernel-irqchip', ['on', 'split']);
  if (irqchip !== undefined) draft.features.ioapicDriver = irqchip === 'split' ? 'qemu' : 'kvm';
}
