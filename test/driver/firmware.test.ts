import {mkdir, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {decodeFirmwareDescriptor} from '../../src/driver/firmware/firmware-descriptor.ts';
import {catalogueOf, firmwareFolders, readFirmwareCatalogue} from '../../src/driver/firmware/read-catalogue.ts';
import {resolveFirmware} from '../../src/driver/firmware/resolve-firmware.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';

interface Firmware {
  readonly interfaces?: readonly string[];
  readonly mapping?: object;
  readonly arch?: string;
  readonly machines?: readonly string[];
  readonly features?: readonly string[];
}

const flash = (name: string, more: object = {}) => ({
  device: 'flash',
  executable: {filename: `/fw/${name}_CODE.fd`, format: 'raw'},
  'nvram-template': {filename: `/fw/${name}_VARS.fd`, format: 'raw'},
  ...more,
});

function descriptor(path: string, firmware: Firmware) {
  const {interfaces = ['uefi'], mapping = flash('plain'), arch = 'x86_64', machines = ['pc-q35-*']} = firmware;
  const json = {
    'interface-types': interfaces,
    mapping,
    targets: [{architecture: arch, machines}],
    features: firmware.features ?? [],
  };
  return {path, text: JSON.stringify(json)};
}

/** The definition with its firmware chosen; the board is a q35. */
function chosen(os: string, firmware: Parameters<typeof catalogueOf>[0], more = ''): DomainDef {
  const def = readDomain(domainXml({name: '<name>a,b</name>', os, more}));
  return resolveFirmware(def, {
    catalogue: catalogueOf(firmware, ['/etc/fw']),
    machine: 'pc-q35-7.2',
    nvramDir: '/nvram',
  });
}

const EFI = "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type>REST</os>";
const efi = (rest = '') => EFI.replace('REST', rest);
const PLAIN = descriptor('/etc/fw/60.json', {});
const SECURE = descriptor('/etc/fw/50.json', {
  mapping: flash('secure'),
  features: ['secure-boot', 'requires-smm', 'enrolled-keys', 'acpi-s3'],
});

test('the first firmware that fits is taken, with variables of the domain’s own and SMM where it needs it', () => {
  const {os, features} = chosen(efi(), [SECURE, PLAIN]);
  expect(os.firmware).toBeUndefined();
  expect(os.loader).toEqual({path: '/fw/secure_CODE.fd', type: 'pflash', readonly: true, secure: true});
  expect(os.nvram).toEqual({path: '/nvram/a,b_VARS.fd', template: '/fw/secure_VARS.fd'});
  expect(features.smm).toEqual({state: true});
});

test.each([
  ["<firmware><feature enabled='no' name='secure-boot'/></firmware>", '/fw/plain_CODE.fd'],
  ["<firmware><feature enabled='yes' name='enrolled-keys'/></firmware>", '/fw/secure_CODE.fd'],
  ["<loader secure='yes'/>", '/fw/secure_CODE.fd'],
  ["<loader secure='no'/>", '/fw/plain_CODE.fd'],
])('%s decides which', (rest, path) => {
  expect(chosen(efi(rest), [PLAIN, SECURE]).os.loader?.path).toBe(path);
  expect(chosen(efi(rest), [SECURE, PLAIN]).os.loader?.path).toBe(path);
});

test('a guest without SMM gets no firmware that needs it', () => {
  const more = "<features><acpi/><smm state='off'/></features>";
  expect(chosen(efi(), [SECURE, PLAIN], more).os.loader?.path).toBe('/fw/plain_CODE.fd');
});

test('a stateless one has no variables, and is taken only when it is asked for', () => {
  const stateless = descriptor('/etc/fw/10.json', {mapping: {...flash('sev'), mode: 'stateless'}});
  expect(chosen(efi(), [stateless, PLAIN]).os.loader?.path).toBe('/fw/plain_CODE.fd');
  const {os} = chosen(efi("<loader stateless='yes'/>"), [PLAIN, stateless]);
  expect(os.loader).toEqual({path: '/fw/sev_CODE.fd', type: 'pflash', readonly: true, stateless: true});
  expect(os.nvram).toBeUndefined();
});

test('a BIOS is an image in memory, an own path of the variables stays', () => {
  const bios = descriptor('/etc/fw/40.json', {interfaces: ['bios'], mapping: {device: 'memory', filename: '/fw/bios'}});
  const {os} = chosen(efi().replace("'efi'", "'bios'"), [PLAIN, bios]);
  expect(os.loader).toEqual({path: '/fw/bios', type: 'rom', readonly: false});
  expect(chosen(efi('<nvram>/own.fd</nvram>'), [PLAIN]).os.nvram).toEqual({
    path: '/own.fd',
    template: '/fw/plain_VARS.fd',
  });
});

test('when none fits, the error says of each why, and what to do', () => {
  const others = [
    descriptor('/etc/fw/1.json', {interfaces: ['bios']}),
    descriptor('/etc/fw/2.json', {arch: 'aarch64', machines: ['virt-*']}),
    descriptor('/etc/fw/3.json', {machines: ['pc-i440fx-*']}),
    descriptor('/etc/fw/4.json', {mapping: flash('q', {executable: {filename: '/fw/q', format: 'qcow2'}})}),
    SECURE,
    {path: '/etc/fw/6.json', text: '{'},
    {path: '/etc/fw/7.json', text: '{"mapping": {"device": "tape"}}'},
    {path: '/etc/fw/8.json', text: undefined},
  ];
  const rest = "<firmware><feature enabled='no' name='enrolled-keys'/></firmware>";
  const error = caught(() => chosen(efi(rest), others));
  expect(error.message).toBe(
    "cannot choose the efi firmware of domain 'a,b': none of the 5 described in /etc/fw is for it",
  );
  expect(error.detail).toEqual([
    '/etc/fw/1.json: it is no uefi firmware',
    '/etc/fw/2.json: it is not for pc-q35-7.2 of x86_64',
    '/etc/fw/3.json: it is not for pc-q35-7.2 of x86_64',
    "/etc/fw/4.json: its image '/fw/q' is qcow2, not raw",
    '/etc/fw/50.json: it has enrolled-keys',
    '/etc/fw/6.json: it is no JSON object',
    "/etc/fw/7.json: its mapping is 'tape', which is not known, or names no file",
    '/etc/fw/8.json: it cannot be read',
  ]);
  expect(error.hint).toContain('apt install ovmf');
  expect(caught(() => chosen(efi(), [])).message).toContain('no firmware is described in /etc/fw');
});

function caught(run: () => unknown): VirtError {
  try {
    run();
  } catch (error) {
    if (error instanceof VirtError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('an image that is named gets the template that is described with it, or known, or said', () => {
  const os = (path: string, rest = '') =>
    `<os><type arch='x86_64' machine='q35'>hvm</type><loader readonly='yes' type='pflash'>${path}</loader>${rest}</os>`;
  const template = (text: string) => chosen(text, [PLAIN]).os.nvram;
  expect(template(os('/fw/plain_CODE.fd'))?.template).toBe('/fw/plain_VARS.fd');
  expect(template(os('/usr/share/OVMF/OVMF_CODE.fd'))?.template).toBe('/usr/share/OVMF/OVMF_VARS.fd');
  expect(template(os('/x', "<nvram template='/t'/>"))).toEqual({template: '/t', path: '/nvram/a,b_VARS.fd'});
  expect(template(os('/x'))).toEqual({path: '/nvram/a,b_VARS.fd'});
});

test('variables that are not on this host are left alone', () => {
  const source = "<source protocol='nbd' name='vars'><host name='h' port='1'/></source>";
  const {os} = chosen(efi(`<nvram type='network'>${source}</nvram>`), [PLAIN]);
  expect(os.nvram?.path).toBeUndefined();
  expect(os.nvram?.source).toMatchObject({type: 'network', protocol: 'nbd'});
});

test('a file hides those of its name behind it, and an empty one is none', () =>
  withTempRoot(async root => {
    const [own, host] = [root.join('own/qemu/firmware'), root.join('host')];
    for (const folder of [own, host]) await mkdir(folder, {recursive: true});
    const write = (folder: string, name: string, firmware: Firmware) =>
      writeFile(`${folder}/${name}`, descriptor('', firmware).text);
    await write(host, '50-b.json', {mapping: flash('host-b')});
    await write(host, '40-a.json', {mapping: flash('host-a')});
    await write(host, '30-gone.json', {mapping: flash('gone')});
    await write(own, '50-b.json', {mapping: flash('own-b')});
    await writeFile(`${own}/30-gone.json`, '');
    await writeFile(`${host}/readme.txt`, 'x');
    const [first] = firmwareFolders({configHome: root.join('own')});
    expect(first).toBe(own);
    const {descriptors, unusable} = await readFirmwareCatalogue([own, root.join('missing'), host]);
    expect(descriptors.map(({path}) => path.slice(root.path.length))).toEqual([
      '/host/40-a.json',
      '/own/qemu/firmware/50-b.json',
    ]);
    expect(unusable).toEqual([]);
  }));

test('only a user’s own guests get what the user has described', () => {
  expect(firmwareFolders()).toEqual(['/etc/qemu/firmware', '/usr/share/qemu/firmware']);
});

test.each([
  '[]',
  '1',
  '{"mapping": {"device": "flash"}}',
  '{"mapping": {"device": "flash", "executable": {"filename": "/x"}}}',
])('%s is no descriptor', text => {
  expect(decodeFirmwareDescriptor('/f', text)).toMatchObject({path: '/f', why: expect.any(String)});
});
