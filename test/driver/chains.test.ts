import {execFileSync} from 'node:child_process';
import {lstatSync, readFileSync} from 'node:fs';
import {chmod, chown, mkdir, open, truncate, writeFile} from 'node:fs/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {completeChains} from '../../src/driver/complete-chains.ts';
import type {BackingStore} from '../../src/model/devices/disk-backing.ts';
import {devicesOf} from '../../src/model/domain-def.ts';
import {readBackingName} from '../../src/model/image-backing.ts';
import {readImageHeader} from '../../src/model/image-header.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {hasQemuImg, makeImage, QEMU_IMG} from '../support/disk-images.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const isRoot = process.getuid?.() === 0;

/** `/a raw, /b qcow2`, and a dot where the chain ends. */
function inWords(store: BackingStore | undefined): string {
  if (!store) return '';
  if (!store.source) return '.';
  const path = 'path' in store.source ? store.source.path : store.source.type;
  return `${store.source.type} ${path} ${store.format?.type} ${inWords(store.backingStore)}`.trimEnd();
}

describe.skipIf(!hasQemuImg)('the images below an image (needs qemu-img)', () => {
  let root: TempRoot;
  beforeEach(async () => {
    root = await makeTempRoot();
  });
  afterEach(() => root.remove());

  const path = (name: string) => root.join(name);
  const overlay = (name: string, below: string, format: string, own = 'qcow2', ...options: readonly string[]) =>
    execFileSync(QEMU_IMG, [
      ...['create', '-q', '-f', own, ...options, '-b', below, '-F', format, path(name)],
      ...(below.includes(':') && !below.startsWith('json') ? ['-u', '4M'] : []),
    ]);
  const chainOf = async (name: string, format = 'qcow2', backing = '') => {
    const devices = `<disk><driver type='${format}'/><source file='${path(name)}'/>${backing}<target dev='vda'/></disk>`;
    const def = await completeChains(readDomain(domainXml({devices})), {givesFiles: true});
    return inWords(devicesOf(def, 'disk')[0]?.backingStore).replaceAll(`${root.path}/`, '');
  };
  const refused = (name: string, why: string, hint = 'qemu-img') =>
    expect(chainOf(name)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      hint: expect.stringContaining(hint),
      message: expect.stringContaining(why),
    });

  test.each([
    ['of version 2', ['-o', 'compat=0.10']],
    ['of version 3', ['-o', 'compat=1.1']],
    ['with small clusters', ['-o', 'cluster_size=512']],
    ['with large clusters', ['-o', 'cluster_size=2M']],
  ])('three images of qcow2 %s', async (_, options) => {
    makeImage(path('base'), 'raw');
    overlay('middle', path('base'), 'raw', 'qcow2', ...options);
    overlay('top', 'middle', 'qcow2', 'qcow2', ...options);
    expect(await chainOf('top')).toBe('file middle qcow2 file base raw .');
    expect(await chainOf('base', 'raw')).toBe('');
  });

  test('qed and qcow say what is below them, too', async () => {
    makeImage(path('base'), 'raw');
    overlay('top.qed', 'base', 'raw', 'qed');
    expect(await chainOf('top.qed', 'qed')).toBe('file base raw .');
    execFileSync(QEMU_IMG, ['create', '-q', '-f', 'qcow', '-b', 'base', '-F', 'raw', path('top.qcow')]);
    expect(await chainOf('top.qcow', 'qcow')).toBe('file base raw .');
  });

  test('an image alone ends the chain, and what the definition names stays, with what is below that', async () => {
    makeImage(path('base'), 'qcow2');
    overlay('middle', 'base', 'qcow2');
    overlay('top', 'middle', 'qcow2');
    expect(await chainOf('base')).toBe('.');
    expect(await chainOf('top', 'qcow2', '<backingStore/>')).toBe('.');
    const named = `<backingStore type='file'><format type='qcow2'/><source file='${path('middle')}'/></backingStore>`;
    expect(await chainOf('top', 'qcow2', named)).toBe('file middle qcow2 file base qcow2 .');
  });

  test('a relative name is one beside the image that has it, whatever link leads there', async () => {
    await mkdir(path('a/b'), {recursive: true});
    makeImage(path('a/base'), 'raw');
    execFileSync('ln', ['-s', path('a/b'), path('link')]);
    overlay('a/b/top', '../base', 'raw');
    expect(await chainOf('a/b/top')).toBe('file a/base raw .');
    expect(await chainOf('link/top')).toBe('file a/base raw .');
  });

  test('an image of the format raw is not asked, nor one whose format is raw by the image above', async () => {
    makeImage(path('secret'), 'raw');
    overlay('guest', path('secret'), 'raw');
    expect(await chainOf('guest', 'raw')).toBe('');
    overlay('top', 'guest', 'raw');
    expect(await chainOf('top')).toBe('file guest raw .');
  });

  test('a file of the host that a header names is not given by root, unless the definition names it', async () => {
    execFileSync('ln', ['-s', '/etc/passwd', path('link')]);
    for (const below of ['/etc/passwd', 'link']) {
      overlay('top', below, 'raw');
      await expect(chainOf('top')).rejects.toMatchObject({
        code: 'OPERATION_DENIED',
        message: expect.stringContaining("which is in a folder of the host's own"),
      });
    }
    const named = `<backingStore type='file'><format type='raw'/><source file='/etc/passwd'/></backingStore>`;
    expect(await chainOf('top', 'qcow2', named)).toBe('file /etc/passwd raw');
    const devices = `<disk><driver type='qcow2'/><source file='${path('top')}'/><target dev='vda'/></disk>`;
    const def = await completeChains(readDomain(domainXml({devices})), {givesFiles: false});
    expect(inWords(devicesOf(def, 'disk')[0]?.backingStore)).toContain('/link raw');
  });

  test('names in JSON are read, servers are left to QEMU', async () => {
    makeImage(path('base'), 'raw');
    const json = JSON.stringify({driver: 'raw', file: {driver: 'file', filename: path('base')}});
    overlay('json', `json:${json}`, 'raw');
    expect(await chainOf('json')).toBe('file base raw .');
    overlay('remote', 'nbd://127.0.0.1:1/x', 'raw');
    expect(await chainOf('remote')).toBe('');
  });

  test('a format that nobody says is refused where it is not raw', async () => {
    makeImage(path('base'), 'raw');
    makeImage(path('deep'), 'qcow2');
    const unsaid = async (name: string, below: string) => {
      overlay(name, below, 'raw');
      const bytes = readFileSync(path(name));
      const at = bytes.indexOf(Buffer.from([0xe2, 0x79, 0x2a, 0xca]));
      bytes.writeUInt32BE(0x12345678, at);
      await writeFile(path(name), bytes);
    };
    await unsaid('plain', 'base');
    expect(await chainOf('plain')).toBe('file base raw .');
    await unsaid('top', 'deep');
    await refused(
      'top',
      `'${path('top')}' does not say which format the image '${path('deep')}' below it has`,
      'rebase -u -F',
    );
  });

  test('what is corrupt, missing or without an end is refused by name', async () => {
    makeImage(path('base'), 'raw');
    await refused('base', `the image '${path('base')}' is no qcow2 image`);
    overlay('top', path('base'), 'raw');
    const file = await open(path('top'), 'r+');
    await file.write(Buffer.from([0, 0, 0xff, 0xff]), 0, 4, 16);
    await file.close();
    await refused('top', `the image '${path('top')}' has a name of 65535 bytes for the image below`);
    overlay('one', path('base'), 'raw');
    execFileSync(QEMU_IMG, ['rebase', '-u', '-f', 'qcow2', '-F', 'qcow2', '-b', path('two'), path('one')]);
    await refused('one', `the image '${path('two')}' below '${path('one')}' is not there`);
    overlay('two', path('base'), 'raw');
    execFileSync(QEMU_IMG, ['rebase', '-u', '-f', 'qcow2', '-F', 'qcow2', '-b', path('one'), path('two')]);
    await refused('one', `the images below it lead round to '${path('one')}' again`);
    await truncate(path('one'), 100);
    await refused('one', `'${path('one')}' `);
    expect(await chainOf('none')).toBe('');
  });
});

test('a header of any bytes is read, or said to be corrupt', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return seed & 0xff;
  };
  const qcow2 = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3];
  const qed = [0x51, 0x45, 0x44, 0];
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({length: random() * 2}, random);
    bytes.set((round % 2 ? qcow2 : qed).slice(0, bytes.length));
    for (const format of ['qcow2', 'qcow', 'qed'] as const) {
      const header = readImageHeader(format, bytes);
      if (header.is === 'short') expect(header.neededBytes).toBeLessThanOrEqual(2 * 1024 * 1024);
    }
  }
});

test.each([
  ['/a/b', {is: 'file', path: '/a/b'}],
  ['b:c', {is: 'elsewhere'}],
  ['./b:c', {is: 'file', path: './b:c'}],
  ['file:b', {is: 'file', path: 'b'}],
  ['json:{"file.filename":"/a","driver":"qcow2"}', {is: 'file', path: '/a', format: 'qcow2'}],
  ['json:{"driver":"file","filename":"/a"}', {is: 'file', path: '/a'}],
  ['json:{"driver":"qcow2","file":{"driver":"https","url":"x"}}', {is: 'elsewhere'}],
  ['json:{"driver":', {is: 'elsewhere'}],
  ['json:7', {is: 'elsewhere'}],
])('the name %s of an image below', (name, place) => {
  expect(readBackingName(name)).toEqual(place);
});

describe.skipIf(!hasQemu || !hasQemuImg)('a guest whose disk has images below it (needs QEMU and qemu-img)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await chmod(driver.root.path, 0o755);
  });
  afterEach(() => driver.dispose());

  test('runs with all of them in its XML, and owns all of them while it runs', async () => {
    const path = (name: string) => driver.root.join(name);
    makeImage(path('base'), 'raw');
    const create = (top: string, below: string, format: string) =>
      execFileSync(QEMU_IMG, ['create', '-q', '-f', 'qcow2', '-b', below, '-F', format, path(top)]);
    create('middle', 'base', 'raw');
    create('top', path('middle'), 'qcow2');
    const all = ['top', 'middle', 'base'];
    if (isRoot) {
      for (const name of all) {
        await chmod(path(name), 0o600);
        await chown(path(name), 12345, 12345);
      }
    }
    const owners = () => all.map(name => lstatSync(path(name)).uid);
    const before = owners();
    const disk = `<disk><driver type='qcow2'/><source file='${path('top')}'/><target dev='vda'/></disk>`;
    const os = "<os><type arch='x86_64' machine='pc'>hvm</type></os>";
    await driver.hypervisor.domainDefineXml(domainXml({name: '<name>guest</name>', os, devices: disk}));
    await driver.hypervisor.domainCreate('guest');
    expect(owners()).toEqual(isRoot ? [0, 0, 0] : before);
    const xml = await driver.hypervisor.domainGetXml('guest');
    expect(xml).toContain(`<backingStore type='file' index='2'>`);
    expect(xml).toMatch(/<backingStore type='file' index='3'>\s*<format type='raw'\/>\s*<source file='[^']*\/base'\/>/);
    await driver.hypervisor.domainDestroy('guest');
    await driver.untilOff('guest');
    expect(owners()).toEqual(before);
  });
});
