import {isX86} from '../arch.ts';
import type {DomainDef} from '../domain-def.ts';

/** The boards whose soldered devices are known here. */
export type Board = 'i440fx' | 'q35' | 'isapc' | 'other';

/** The board of a definition by the name of its machine. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainMachineIsI440FX and others. */
export function boardOf({os}: DomainDef): Board {
  if (!isX86(os.arch)) return 'other';
  const machine = os.machine ?? 'pc';
  if (machine === 'q35' || machine.startsWith('pc-q35')) return 'q35';
  if (machine === 'isapc') return 'isapc';
  if (machine === 'pc' || /^(pc-0\.|pc-1\.|pc-i440|rhel)/.test(machine)) return 'i440fx';
  return 'other';
}
