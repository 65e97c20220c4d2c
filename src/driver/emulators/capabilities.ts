import type {Capabilities, HostCapabilities} from '../../model/capabilities.ts';
import type {EmulatorRegistry} from './emulator-registry.ts';

/** What this host can run, as far as the registry knows it now. */
export function buildCapabilities(registry: EmulatorRegistry, host: HostCapabilities): Capabilities {
  const {kvm, searched} = registry;
  return {host: kvm === undefined ? host : {...host, kvm}, emulators: registry.known(), searched};
}
