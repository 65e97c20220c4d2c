import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const VARS = '/usr/share/OVMF/OVMF_VARS_4M.fd';
const hasOvmf = existsSync(CODE) && existsSync(VARS);

describe.skipIf(!hasQemu)('what a start makes on the host (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  /** A guest of nothing but what a test says. */
  const define = (name: string, {os = '', more = '', devices = ''} = {}) =>
    driver.hypervisor.domainDefineXml(
      `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory>${more}
        <os${os.startsWith(' ') ? os.slice(0, os.indexOf('>')) : ''}><type arch='x86_64' machine='q35'>hvm</type>${os.slice(os.indexOf('>') + 1)}</os>
        <features><acpi/></features><devices>${devices}</devices></domain>`,
    );
  const names = (...parts: string[]) =>
    existsSync(driver.root.join(...parts)) ? readdirSync(driver.root.join(...parts)) : [];
  const liveXml = (name: string) => driver.hypervisor.domainGetXml(name);

  test.skipIf(!hasOvmf)('firmware is chosen, and its variables are made once and stay (needs ovmf)', async () => {
    await define('uefi', {os: " firmware='efi'><firmware><feature enabled='no' name='secure-boot'/></firmware>"});
    await driver.hypervisor.domainCreate('uefi');
    const nvram = driver.root.join('lib/nvram/uefi_VARS.fd');
    expect(await liveXml('uefi')).toContain(`<loader readonly='yes' type='pflash'>${CODE}</loader>`);
    expect(await liveXml('uefi')).toContain(`<nvram template='${VARS}'>${nvram}</nvram>`);
    expect(statSync(nvram).mode & 0o777).toBe(0o600);
    await driver.hypervisor.domainDestroy('uefi');
    const own = Buffer.from(readFileSync(nvram));
    own[own.length - 1] = 0x5a;
    writeFileSync(nvram, own);
    await driver.hypervisor.domainCreate('uefi');
    await driver.hypervisor.domainDestroy('uefi');
    expect(readFileSync(nvram).at(-1)).toBe(0x5a);
  });

  test.skipIf(!hasOvmf)(
    'a start that fails takes back the variables that it has made, and no others (needs ovmf)',
    async () => {
      const os = `><loader readonly='yes' type='pflash'>${CODE}</loader><nvram template='${VARS}'/>`;
      await define('bad', {
        os,
        devices:
          "<memory model='nvdimm'><source><path>/nowhere/at/all</path></source><target><size unit='MiB'>64</size></target></memory>",
      });
      const nvram = driver.root.join('lib/nvram/bad_VARS.fd');
      await expect(driver.hypervisor.domainCreate('bad')).rejects.toMatchObject({code: 'INTERNAL_ERROR'});
      expect(existsSync(nvram)).toBe(false);
      writeFileSync(nvram, readFileSync(VARS));
      await expect(driver.hypervisor.domainCreate('bad')).rejects.toMatchObject({code: 'INTERNAL_ERROR'});
      expect(existsSync(nvram)).toBe(true);
    },
  );

  test('without a template for an unknown image the start is refused, and says what to write', async () => {
    const code = driver.root.join('own_CODE.fd');
    writeFileSync(code, Buffer.alloc(256 * 1024));
    await define('own', {os: `><loader readonly='yes' type='pflash'>${code}</loader>`});
    const tried = driver.hypervisor.domainCreate('own');
    await expect(tried).rejects.toMatchObject({message: expect.stringContaining('there is no template')});
    expect(names('run').filter(name => name.length === 36)).toEqual([]);
  });

  test('files of memory are in a folder of the run, and go with it', async () => {
    await define('shared', {more: "<memoryBacking><source type='file'/><access mode='shared'/></memoryBacking>"});
    await driver.hypervisor.domainCreate('shared');
    expect(names('lib/ram')).toEqual(['1-shared']);
    expect(names('lib/ram/1-shared')).toEqual(['pc.ram']);
    await driver.hypervisor.domainDestroy('shared');
    expect(names('lib/ram')).toEqual([]);
  });

  test('memory on huge pages is refused where none are mounted, with how to mount them', async () => {
    if (readFileSync('/proc/mounts', 'utf8').includes(' hugetlbfs ')) return;
    await define('huge', {more: '<memoryBacking><hugepages/></memoryBacking>'});
    await expect(driver.hypervisor.domainCreate('huge')).rejects.toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: expect.stringContaining('/proc/mounts has no such hugetlbfs'),
      hint: expect.stringContaining('mount -t hugetlbfs'),
    });
  });

  test('a processor like the host’s is a named one in the running definition', async () => {
    await define('like', {more: "<cpu mode='host-model'/>"});
    await driver.hypervisor.domainCreate('like');
    expect(await liveXml('like')).toMatch(
      /<cpu mode='custom' match='exact' check='partial'>\n {4}<model fallback='forbid'>\w/,
    );
  });

  test('a processor that is not as it is said is refused where that is to be checked', async () => {
    await define('full', {more: "<cpu mode='custom' check='full'><model>Skylake-Server</model></cpu>"});
    await expect(driver.hypervisor.domainCreate('full')).rejects.toMatchObject({
      message: expect.stringMatching(/its processor would lack .*avx512f/),
    });
  });

  test('a generation id is made when the domain is defined, and is the guest’s', async () => {
    await define('gen', {more: '<genid/>'});
    const genid = /<genid>([0-9a-f-]{36})<\/genid>/.exec(await liveXml('gen'))?.[1];
    expect(genid).toBeDefined();
    await driver.hypervisor.domainCreate('gen');
    expect(await driver.hypervisor.domainXmlToNative('gen')).toContain(`vmgenid,guid=${genid}`);
  });
});
