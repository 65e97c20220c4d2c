import {isArchName} from '../arch.ts';
import {absolutePath} from '../devices/device-codec.ts';
import {BOOT_DEVICES, type BootDevice, type OsDef} from '../domain-def.ts';
import type {FieldContext} from '../fields/field.ts';
import {KEPT} from '../fields/kept.ts';
import {checkKindOf, type KindRules} from '../fields/kinds.ts';
import {type ElementReader, unknownValue} from '../xml/element-reader.ts';
import {osExtras} from './os.ts';

const OS_TYPES = ['hvm', 'xen'] as const;

/**
 * Reads `<os>`.
 *
 * @param defaultArch  taken when the text names no architecture; without it that is an error
 * @see libvirt 9.0.0, docs/formatdomain, "Operating system booting"
 */
export function parseOs(domain: ElementReader, defaultArch: string | undefined, context: FieldContext): OsDef {
  const os = domain.child('os');
  const type = os?.child('type');
  if (!os || !type) {
    (os ?? domain).error('the domain has no OS type: <os><type>hvm</type></os> is missing');
    return {type: 'hvm', arch: defaultArch ?? '', boot: [], biosUseSerial: false};
  }
  const osType = OS_TYPES.find(word => word === (isOldWord(domain, type.text) ? 'xen' : type.text));
  checkDomainType(domain, type, osType);
  if (osType === undefined) type.error(unknownValue('the OS type', type.text, OS_TYPES));
  else if (osType !== 'hvm') type.warn(`the OS type '${osType}' ${KEPT}`);
  if (osType === 'xen') checkXenForm(os, type);
  const kernel = pathOf(os, 'kernel');
  const initrd = pathOf(os, 'initrd');
  const cmdline = os.childText('cmdline');
  return {
    type: osType ?? 'hvm',
    arch: parseArch(type, defaultArch),
    ...parseMachine(type),
    ...osExtras.read(os, context),
    ...parseLoader(os),
    ...(kernel === undefined ? {} : {kernel}),
    ...(initrd === undefined ? {} : {initrd}),
    ...(cmdline === undefined ? {} : {cmdline}),
    boot: parseBoot(os),
    ...parseBios(os),
  };
}

function parseArch(type: ElementReader, defaultArch: string | undefined): string {
  const arch = type.attribute('arch') ?? defaultArch;
  if (arch === undefined)
    type.error("the OS type names no architecture: write <type arch='x86_64'>hvm</type> or the like");
  else if (!isArchName(arch))
    type.error(`unknown architecture '${arch}': libvirt's names are like 'x86_64', 'i686', 'ppc64'`, 'arch');
  return arch ?? '';
}

/** Domains of Xen called their kernels so. Source: libvirt 0.7.1, src/domain_conf.c, virDomainDefParseXML. */
function isOldWord(domain: ElementReader, word: string): boolean {
  return domain.attribute('type') === 'xen' && word === 'linux';
}

/** A kernel for Xen runs on KVM here, and a whole machine is no guest of Xen's. */
function checkDomainType(domain: ElementReader, type: ElementReader, osType: OsDef['type'] | undefined): void {
  const domainType = domain.attribute('type');
  if (osType === 'hvm' && domainType === 'xen') {
    type.error("a domain of type 'xen' has the OS type 'xen'; one that is a whole machine is of type 'qemu' or 'kvm'");
  }
  if (osType === 'xen' && domainType === 'qemu') {
    type.error("a domain of the OS type 'xen' runs on KVM: write <domain type='kvm'> or 'xen'");
  }
}

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, ostypexen and osbootkernel. */
const XEN_FORM: KindRules = {
  xen: {words: {arch: ['i686', 'x86_64', 'ia64'], machine: ['xenpv', 'xenfv', 'xenpvh']}},
};
const XEN_PARTS: ReadonlySet<string> = new Set(['type', 'kernel', 'initrd', 'root', 'cmdline', 'dtb']);

function checkXenForm(os: ElementReader, type: ElementReader): void {
  checkKindOf(type, "the <type> 'xen'", 'xen', XEN_FORM);
  for (const {name} of os.element.children) {
    if (!XEN_PARTS.has(name)) os.child(name)?.schemaError(`<${name}> does not go with the OS type 'xen'`);
  }
}

/** Why a text cannot name a machine. Source of the pattern: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, ostypehvm. */
export function machineProblem(machine: string): string | undefined {
  if (/^[A-Za-z0-9_.-]+$/.test(machine)) return undefined;
  return `the machine '${machine}' is no name: only letters, digits, '_', '.' and '-' are allowed`;
}

function parseMachine(type: ElementReader): Pick<OsDef, 'machine'> {
  const machine = type.attribute('machine');
  if (machine === '') type.schemaError("attribute 'machine' of <type> is empty: leave it out", 'machine');
  if (!machine) return {};
  const problem = machineProblem(machine);
  if (problem !== undefined) type.error(problem, 'machine');
  return {machine};
}

function parseLoader(os: ElementReader): Pick<OsDef, 'loader' | 'loaderWish'> {
  const reader = os.child('loader');
  if (!reader) return {};
  const type = reader.choice('type', ['rom', 'pflash']);
  const readonly = reader.flag('readonly', ['yes', 'no']);
  const secure = reader.flag('secure', ['yes', 'no']);
  const stateless = reader.flag('stateless', ['yes', 'no']);
  const more = {...(secure === undefined ? {} : {secure}), ...(stateless === undefined ? {} : {stateless})};
  if (reader.text !== '') {
    const path = absolutePath(reader, reader.text);
    return {loader: {path, type: type ?? 'rom', readonly: readonly ?? false, ...more}};
  }
  const wish = {...(type ? {type} : {}), ...(readonly === undefined ? {} : {readonly}), ...more};
  if (Object.keys(wish).length === 0) return {};
  return {loaderWish: wish};
}

function parseBios(os: ElementReader): Pick<OsDef, 'biosUseSerial' | 'biosRebootTimeoutMs'> {
  const bios = os.child('bios');
  const biosUseSerial = bios?.flag('useserial', ['yes', 'no']) ?? false;
  const timeout = bios?.integer('rebootTimeout', {min: -1, max: 65535});
  if (timeout === undefined) return {biosUseSerial};
  return {biosUseSerial, biosRebootTimeoutMs: timeout};
}

function pathOf(os: ElementReader, name: string): string | undefined {
  const reader = os.child(name);
  if (reader?.text === '') reader.schemaError(`<${name}> is empty: it must be an absolute path`);
  return reader && reader.text !== '' ? absolutePath(reader, reader.text) : undefined;
}

function parseBoot(os: ElementReader): readonly BootDevice[] {
  const devices = os.children('boot').flatMap(boot => {
    if (boot.attribute('dev') === undefined) boot.error("<boot> names no device: write <boot dev='hd'/> or the like");
    return boot.choice('dev', BOOT_DEVICES) ?? [];
  });
  return devices;
}
