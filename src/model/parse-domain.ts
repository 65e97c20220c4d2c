import type {Problem} from '../base/problem.ts';
import {absolutePath} from './devices/device-codec.ts';
import type {DeviceDef} from './devices/device-def.ts';
import {parseDevice, sortDevices} from './devices/device-table.ts';
import {disksFirst} from './devices/disk-order.ts';
import {checkDevices} from './domain/check-devices.ts';
import {clockField} from './domain/clock.ts';
import {featuresField} from './domain/features.ts';
import {pairConsoles} from './domain/pair-consoles.ts';
import {parseIdentity} from './domain/parse-identity.ts';
import {parseMemory} from './domain/parse-memory.ts';
import {parseOs} from './domain/parse-os.ts';
import {parseDomainType, parseLifecycle, parseVcpus} from './domain/parse-settings.ts';
import {parseQemuNamespace} from './domain/qemu-namespace.ts';
import type {ReadDevice} from './domain/read-device.ts';
import {allSections} from './domain/sections.ts';
import type {DomainDef, OsDef} from './domain-def.ts';
import {ElementReader} from './xml/element-reader.ts';
import {parseXml} from './xml/parse-xml.ts';
import {ProblemList} from './xml/problem-list.ts';

/** What the reading of a domain takes from outside. */
export interface ParseDomainOptions {
  /** A random UUID, lower case with dashes; asked only for a domain without one. */
  newUuid(): string;
  /** A random MAC address `52:54:00:xx:xx:xx`, lower case; asked once for each interface without one. */
  newMac(): string;
  /** libvirt's name of the architecture of a domain that names none; without it that is an error. */
  readonly defaultArch?: string;
  /** Keeps aliases, pty paths and ports, as `formatDomain` prints them for a running domain. */
  readonly live?: boolean;
  /** Refuses what libvirt's schema would, beyond what its parser does: what is unknown, incomplete, or written in another form. */
  readonly validate?: boolean;
}

/** `def` is there exactly when no problem is an error. */
export interface ParsedDomain {
  readonly def?: DomainDef;
  /** Every problem, in the order of the text; of each severity the first five hundred, and how many more there are. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a domain XML into a definition complete with libvirt's defaults.
 * Nothing is lost silently: what is not understood is a warning with its place, and what cannot be done without
 * changing what the guest is (another hypervisor, a disk that cannot be attached) is an error.
 */
export function parseDomain(xml: string, options: ParseDomainOptions): ParsedDomain {
  const {root, problems} = parseXml(xml);
  if (!root) return {problems};
  const found = new ProblemList(options.validate ? 'schema' : 'lenient');
  const def = parseDomainElement(new ElementReader(root, found), options);
  return found.hasErrors ? {problems: found.sorted()} : {def, problems: found.sorted()};
}

/** @returns a definition with placeholders where there was an error */
function parseDomainElement(domain: ElementReader, options: ParseDomainOptions): DomainDef {
  if (domain.name !== 'domain') domain.error(`the root element is <${domain.name}>, expected <domain>`);
  // The number of a running domain, not a wish.
  if (!/^[0-9]+$/.test(domain.attribute('id') ?? '0'))
    domain.schemaError("attribute 'id' of <domain> is no number", 'id');
  const context = {live: options.live ?? false};
  const readers = domain.child('devices');
  const emulator = readers?.child('emulator');
  if (emulator?.text === '') emulator.schemaError('<emulator> is empty: it must be an absolute path');
  const devices = readers ? parseDevices(readers, options) : [];
  const os = parseOs(domain, options.defaultArch, context);
  const qemu = parseQemuNamespace(domain, context);
  const dumpCore = domain.child('memory')?.flag('dumpCore', ['on', 'off']);
  const def: DomainDef = {
    type: parseDomainType(domain),
    ...parseIdentity(domain, () => options.newUuid()),
    ...parseMemory(domain),
    ...(dumpCore === undefined ? {} : {dumpCore}),
    ...parseVcpus(domain),
    os: {...os, boot: bootOrder(os, devices)},
    features: featuresField.read(domain, context),
    clock: clockField.read(domain, context),
    ...parseLifecycle(domain),
    ...allSections.read(domain, context),
    ...(emulator?.text ? {emulator: absolutePath(emulator, emulator.text)} : {}),
    devices,
    ...(qemu ? {qemu} : {}),
  };
  domain.finish();
  return def;
}

/**
 * Without any boot device the guest boots from its first disk.
 *
 * @see libvirt 9.0.0, src/conf/domain_postparse.c, virDomainDefBootOrderPostParse
 */
function bootOrder(os: OsDef, devices: readonly DeviceDef[]): OsDef['boot'] {
  const ordered = devices.some(device => 'boot' in device && device.boot !== undefined);
  return os.boot.length > 0 || ordered ? os.boot : ['hd'];
}

function parseDevices(devices: ElementReader, options: ParseDomainOptions): readonly DeviceDef[] {
  const context = {newMac: () => options.newMac(), live: options.live ?? false};
  const read = devices.childrenExcept('emulator').flatMap((reader): readonly ReadDevice[] => {
    const device = parseDevice(reader, context);
    return device ? [{device, reader}] : [];
  });
  checkDevices(read);
  return sortDevices(disksFirst(pairConsoles(read.map(({device}) => device))));
}
