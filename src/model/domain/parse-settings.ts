import {
  type ClockDef,
  CRASH_ACTIONS,
  DOMAIN_TYPES,
  type DomainDef,
  type DomainType,
  type FeaturesDef,
  LIFECYCLE_ACTIONS,
} from '../domain-def.ts';
import {type ElementReader, unknownValue} from '../xml/element-reader.ts';

/** libvirt allows a guest that many. */
const MAX_VCPUS = 65535;

const INT_MAX = 2147483647;

/** Reads the type of the domain; only QEMU's own are known. */
export function parseDomainType(domain: ElementReader): DomainType {
  if (domain.attribute('type') === undefined)
    domain.error("the domain has no type: write <domain type='qemu'> or 'kvm'");
  return domain.choice('type', DOMAIN_TYPES) ?? 'qemu';
}

/** Reads `<vcpu>`: 1 when it is missing. */
export function parseVcpus(domain: ElementReader): number {
  const reader = domain.child('vcpu');
  if (!reader) return 1;
  if (reader.attribute('placement') !== 'static' && reader.attribute('placement') !== undefined) {
    reader.warn("placement of <vcpu> is not understood yet: it is 'static'", 'placement');
  }
  const count = /^\d{1,9}$/.test(reader.text) ? Number(reader.text) : 0;
  if (count < 1 || count > MAX_VCPUS) {
    reader.error(`<vcpu> is '${reader.text}': it must be a whole number from 1 to ${MAX_VCPUS}`);
  }
  return count;
}

/** Reads `<features>`: each is on when its element is there. */
export function parseFeatures(domain: ElementReader): FeaturesDef {
  const features = domain.child('features');
  const has = (name: string) => features?.child(name) !== undefined;
  return {acpi: has('acpi'), apic: has('apic'), pae: has('pae')};
}

/**
 * Reads `<clock>`: UTC when it is missing. `sync` is the attribute's name of before libvirt 0.7.
 *
 * @see libvirt 9.0.0, docs/formatdomain, "Time keeping"
 */
export function parseClock(domain: ElementReader): ClockDef {
  const clock = domain.child('clock');
  if (!clock) return {offset: 'utc'};
  const attribute = clock.element.attributes.has('offset') ? 'offset' : 'sync';
  const offset = clock.choice(attribute, ['utc', 'localtime', 'variable']) ?? 'utc';
  if (offset !== 'variable') return {offset};
  const basis = clock.attribute('basis');
  if (basis !== undefined && basis !== 'utc')
    clock.error(unknownValue('the basis of <clock>', basis, ['utc']), 'basis');
  return {offset, adjustmentSeconds: clock.integer('adjustment', {min: -INT_MAX, max: INT_MAX}) ?? 0};
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
