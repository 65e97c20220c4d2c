import {
  CRASH_ACTIONS,
  DOMAIN_TYPES,
  type DomainDef,
  type DomainType,
  LIFECYCLE_ACTIONS,
  type VcpuPlacement,
} from '../domain-def.ts';
import {attr} from '../fields/element-fields.ts';
import {kept} from '../fields/kept.ts';
import {nodeSet} from '../fields/node-set.ts';
import {record} from '../fields/record.ts';
import {integer} from '../fields/scalar.ts';
import {type ElementReader, unknownValue} from '../xml/element-reader.ts';

/** libvirt allows a guest that many. */
const MAX_VCPUS = 65535;

/** Reads the type of the domain; only QEMU's own are known. */
export function parseDomainType(domain: ElementReader): DomainType {
  if (domain.attribute('type') === undefined)
    domain.error("the domain has no type: write <domain type='qemu'> or 'kvm'");
  return domain.choice('type', DOMAIN_TYPES) ?? 'qemu';
}

const placementRest = record({
  cpuset: kept(attr('cpuset', nodeSet)),
  current: attr('current', integer(1, MAX_VCPUS)),
});

/** Reads `<vcpu>`: 1 when it is missing. */
export function parseVcpus(domain: ElementReader): Pick<DomainDef, 'vcpus' | 'vcpuPlacement'> {
  const reader = domain.child('vcpu');
  if (!reader) return {vcpus: 1};
  const vcpus = /^\d{1,9}$/.test(reader.text) ? Number(reader.text) : 0;
  if (vcpus < 1 || vcpus > MAX_VCPUS) {
    reader.error(`<vcpu> is '${reader.text}': it must be a whole number from 1 to ${MAX_VCPUS}`);
  }
  const placement = reader.choice('placement', ['static', 'auto']) === 'auto' ? {placement: 'auto' as const} : {};
  const vcpuPlacement: VcpuPlacement = {...placement, ...placementRest.read(reader, {live: false})};
  return {vcpus, ...(Object.keys(vcpuPlacement).length > 0 ? {vcpuPlacement} : {})};
}

/** Reads one of `<on_poweroff>`, `<on_reboot>` and `<on_crash>`. */
function parseAction<T extends string>(domain: ElementReader, name: string, allowed: readonly T[], byDefault: T): T {
  const reader = domain.child(name);
  if (!reader) return byDefault;
  const action = allowed.find(candidate => candidate === reader.text);
  if (action === undefined) reader.error(unknownValue(`<${name}>`, reader.text, allowed));
  return action ?? byDefault;
}

/** Reads what happens when the guest powers off, reboots or panics. */
export function parseLifecycle(domain: ElementReader): Pick<DomainDef, 'onPoweroff' | 'onReboot' | 'onCrash'> {
  return {
    onPoweroff: parseAction(domain, 'on_poweroff', LIFECYCLE_ACTIONS, 'destroy'),
    onReboot: parseAction(domain, 'on_reboot', LIFECYCLE_ACTIONS, 'restart'),
    onCrash: parseAction(domain, 'on_crash', CRASH_ACTIONS, 'destroy'),
  };
}
