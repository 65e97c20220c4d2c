import {VirtError} from '../base/virt-error.ts';
import {type DomainDef, devicesOf} from '../model/domain-def.ts';
import type {LockAbility} from './argv/memory/memory-places.ts';

/** How much memory the emulator may keep from being swapped out, KiB. */
export type MemoryLock = bigint | 'unlimited';

/** A device of the host reaches all of the guest's memory, and some registers besides. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainGetMemLockLimitBytes. */
const DEVICE_EXTRA_KIB = 1024n * 1024n;

/** What the emulator has to be allowed before it starts; undefined where the usual is enough. */
export function planMemoryLock(def: DomainDef): MemoryLock | undefined {
  if (def.memoryBacking?.locked) return def.memtune?.hardLimitKiB ?? 'unlimited';
  const hasHostDevice = devicesOf(def, 'hostdev').some(({host}) => host.type === 'pci' || host.type === 'mdev');
  return hasHostDevice ? def.memoryKiB + DEVICE_EXTRA_KIB : undefined;
}

/**
 * Refuses a domain whose memory cannot be locked, before the emulator says so in fewer words.
 *
 * @param ability  undefined where it was not asked
 * @throws {VirtError} CONFIG_UNSUPPORTED with what is allowed, and what to do
 */
export function checkMemoryLock(def: DomainDef, ability: LockAbility | undefined): void {
  if (!ability || ability.mayRaise || ability.limitKiB === 'unlimited' || planMemoryLock(def) === undefined) return;
  if (ability.limitKiB > def.memoryKiB) return;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot lock the ${def.memoryKiB} KiB of memory of domain '${def.name}': this process may lock ${ability.limitKiB} KiB and may not raise that`,
    {
      hint: 'start virtty with more: ulimit -l, or memlock in /etc/security/limits.conf, or LimitMEMLOCK= of its systemd unit',
    },
  );
}
