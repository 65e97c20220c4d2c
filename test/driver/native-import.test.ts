import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const UUID = /<uuid>([0-9a-f-]{36})<\/uuid>/;

describe('importing a command line', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  test('what is imported can be defined', async () => {
    const text = '/usr/bin/qemu-system-x86_64 -nographic -name web -m 64 -x-new on';
    const imported = await driver.hypervisor.domainXmlFromNative({text});
    expect(imported).toMatchObject({commandLine: text, isNamed: true});
    expect(imported.problems.map(({message}) => message)).toEqual([
      "'-x-new on' is kept as <qemu:arg>: the option is not known",
    ]);
    expect(await driver.hypervisor.domainDefineXml(imported.xml ?? '')).toMatchObject({name: 'web', created: true});
  });

  test('a domain without a UUID gets one, and so does one whose UUID is taken', async () => {
    const {hypervisor} = driver;
    const unnamed = await hypervisor.domainXmlFromNative({text: '/usr/bin/qemu -nographic'});
    expect(unnamed.isNamed).toBe(false);
    expect(UUID.exec(unnamed.xml ?? '')?.[1]).not.toMatch(/^0{8}-/);
    await driver.define('one');
    const {uuid} = await hypervisor.domainLookup('one');
    const twin = await hypervisor.domainXmlFromNative({text: `/usr/bin/qemu -nographic -name two -uuid ${uuid}`});
    expect(UUID.exec(twin.xml ?? '')?.[1]).not.toBe(uuid);
    expect(twin.notes.map(({message}) => message)).toContain(
      `the UUID ${uuid} is that of domain 'one': this one gets a new one`,
    );
  });

  test('an error has its place, and there is no XML', async () => {
    const imported = await driver.hypervisor.domainXmlFromNative({text: '/usr/bin/qemu\\\n -m'});
    expect(imported.xml).toBeUndefined();
    expect(imported.problems).toMatchObject([{severity: 'error', line: 2, column: 2}]);
  });

  test('a process that is no emulator is refused', async () => {
    await expect(driver.hypervisor.domainXmlFromNative({pid: process.pid})).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
    });
  });

  test.skipIf(!hasQemu)('a running guest gives a twin of itself (needs qemu-system-x86_64)', async () => {
    const {hypervisor} = driver;
    await driver.define('sector');
    await hypervisor.domainCreate('sector');
    const {pid = 0} = await hypervisor.domainLookup('sector');
    const {commandLine, xml, isNamed} = await hypervisor.domainXmlFromNative({pid});
    expect(isNamed).toBe(true);
    expect(commandLine).toBe(await hypervisor.domainXmlToNative('sector'));
    expect(xml).toContain(`<source file='${driver.root.join('sector.img')}'/>`);
    await hypervisor.domainDestroy('sector');
  });
});
