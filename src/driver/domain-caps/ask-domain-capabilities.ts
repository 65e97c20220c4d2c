import {VirtError} from '../../base/virt-error.ts';
import {readFact} from '../../host/host-facts.ts';
import type {HostInfo} from '../../model/capabilities.ts';
import type {DomainCapabilities, DomainCapabilitiesQuery} from '../../model/domain-capabilities.ts';
import type {ProbedEmulator} from '../../model/guest-offers.ts';
import type {EmulatorRegistry} from '../emulators/emulator-registry.ts';
import {installHint} from '../emulators/install-hint.ts';
import {firmwareFolders} from '../firmware/read-catalogue.ts';
import {checkQuery} from './choose-for-caps.ts';
import {tellDomainCapabilities} from './domain-capabilities.ts';

type Emulators = Pick<EmulatorRegistry, 'at' | 'forArch' | 'searched'>;

/** Who asks, and whose emulators there are. */
export interface AskContext {
  readonly emulators: {
    registry(): Promise<Emulators>;
    nodeInfo(): Promise<HostInfo>;
  };
  /** Where this user's programs have their configuration, absolute. */
  readonly configHome: string;
  readonly uid: number;
}

/** Finds the emulator that is asked about, and asks it. @throws {VirtError} as `Hypervisor.domainCapabilities` */
export async function askDomainCapabilities(
  query: DomainCapabilitiesQuery,
  {emulators, configHome, uid}: AskContext,
): Promise<DomainCapabilities> {
  checkQuery(query);
  const host = await emulators.nodeInfo();
  const emulator = await findEmulator(query, host.arch, await emulators.registry());
  // What one user has put somewhere is nothing for guests of the whole host.
  const folders = firmwareFolders(uid === 0 ? undefined : {configHome});
  return tellDomainCapabilities(query, {host, emulator, firmwareFolders: folders});
}

async function findEmulator(
  {emulator: path, arch}: DomainCapabilitiesQuery,
  hostArch: string,
  registry: Emulators,
): Promise<ProbedEmulator> {
  if (path !== undefined) return emulatorAt(path, registry);
  const wanted = arch ?? hostArch;
  const found = await registry.forArch(wanted);
  if (found) return found;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `unable to find any emulator to serve '${wanted}' architecture`, {
    hint: installHint(wanted, (await readFact('/etc/os-release')) ?? ''),
    detail: registry.searched.map(directory => `looked in ${directory}`),
  });
}

async function emulatorAt(path: string, registry: Emulators): Promise<ProbedEmulator> {
  const info = path.startsWith('/') ? await registry.at(path) : 'missing';
  if (info === 'missing') {
    throw new VirtError('SYSTEM_ERROR', 'QEMU', `Cannot check QEMU binary ${path}: No such file or directory`, {
      hint: "give the whole path; 'virtty emulators' lists those that were found",
    });
  }
  if (info.status === 'ok') return info;
  const why = info.status === 'failed' ? info.why : 'it is still being asked';
  throw new VirtError('OPERATION_FAILED', 'QEMU', `Cannot check QEMU binary ${path}: ${why}`, {
    hint: "'virtty emulators' lists those that can be used",
  });
}
