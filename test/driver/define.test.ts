import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DriverHarness} from './driver-harness.ts';

/** The schema of a libvirt that knows no `<crypto>`, as 9.0 does not. */
const SCHEMAS = '/usr/share/libvirt/schemas';
const noSchema =
  !existsSync('/usr/bin/xmllint') ||
  !existsSync(`${SCHEMAS}/domaincommon.rng`) ||
  readFileSync(`${SCHEMAS}/domaincommon.rng`, 'utf8').includes('name="crypto"');

describe('definitions', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  const files = () => readdirSync(driver.root.join('etc'));

  test('a definition is there for whoever opens the instance next, and goes without a trace', async () => {
    await driver.define('one');
    const xml = await driver.hypervisor.domainGetXml('one');
    await driver.reopen();
    expect(await driver.hypervisor.domainGetXml('one')).toBe(xml);
    await driver.hypervisor.domainUndefine('one');
    expect(files()).toEqual([]);
    await expect(driver.hypervisor.domainLookup('one')).rejects.toMatchObject({code: 'NO_DOMAIN'});
  });

  test('redefining keeps the domain when name and UUID are its own', async () => {
    await driver.define('one');
    const {uuid} = await driver.hypervisor.domainLookup('one');
    const again = driver.xml('one', ['<memory', `<uuid>${uuid}</uuid><title>second</title><memory`]);
    expect(await driver.hypervisor.domainDefineXml(again)).toMatchObject({created: false, uuid});
    expect((await driver.hypervisor.domainLookup('one')).title).toBe('second');
  });

  test('a name that another domain has is refused, with its place', async () => {
    await driver.define('one');
    await expect(driver.hypervisor.domainDefineXml(driver.xml('one'))).rejects.toMatchObject({
      code: 'XML_ERROR',
      detail: [expect.stringMatching(/^line 2, column \d+: domain 'one' already exists with uuid/)],
    });
    expect(files()).toEqual(['one.xml']);
  });

  test('what is not known is refused when the definition is to be validated', async () => {
    const odd = driver.xml('one', ['<memory', '<boguz/><memory']);
    await expect(driver.hypervisor.domainDefineXml(odd, {validate: true})).rejects.toMatchObject({
      code: 'XML_ERROR',
      problems: [{severity: 'error', message: '<boguz> is not known'}],
    });
    expect(await driver.hypervisor.domainDefineXml(odd)).toMatchObject({
      warnings: [{severity: 'warning', message: expect.stringMatching(/^<boguz> is not understood yet/)}],
    });
  });

  test.skipIf(noSchema)(
    "libvirt's own schema is asked, too, where it is installed (needs libvirt and xmllint)",
    async () => {
      const newer = "<crypto model='virtio' type='qemu'><backend model='builtin'/></crypto></devices>";
      const xml = driver.xml('one', ['</devices>', newer]);
      await expect(driver.hypervisor.domainDefineXml(xml, {validate: true})).rejects.toMatchObject({
        problems: expect.arrayContaining([
          expect.objectContaining({message: expect.stringMatching(/^only libvirt's own schema \(.*\) refuses it: /)}),
        ]),
      });
      expect(await driver.hypervisor.domainDefineXml(driver.xml('one'), {validate: true})).toMatchObject({name: 'one'});
    },
  );

  test('every problem is told, and nothing is written', async () => {
    const bad = "<domain type='qemu'>\n  <memory>lots</memory>\n  <vcpu>none</vcpu>\n</domain>";
    const failure = driver.hypervisor.domainDefineXml(bad);
    await expect(failure).rejects.toMatchObject({code: 'XML_ERROR'});
    const {detail} = (await failure.catch((error: unknown) => error)) as {detail: readonly string[]};
    expect(detail.length).toBeGreaterThanOrEqual(3);
    for (const line of detail) expect(line).toMatch(/^line \d+, column \d+: /);
    expect(files()).toEqual([]);
  });

  test('a name never leaves the directory', async () => {
    await driver.define('..%2fé');
    expect(files()).toEqual(['%2E.%252f%C3%A9.xml']);
  });

  test('a file that somebody broke is told, and the others are there', async () => {
    await driver.define('good');
    await driver.reopen(() => writeFileSync(driver.root.join('etc', 'bad.xml'), '<domain>'));
    const {promise, resolve} = Promise.withResolvers<string>();
    driver.hypervisor.onDomainEvent(event => event.type === 'warning' && resolve(event.message));
    expect(await promise).toMatch(/etc\/bad\.xml: line 1, column \d+: /);
    expect((await driver.hypervisor.listDomains()).map(domain => domain.name)).toEqual(['good']);
  });

  test('an emulator that is not here is a warning with its place', async () => {
    const {warnings} = await driver.hypervisor.domainDefineXml(
      driver.xml('one', ['<devices>', '<devices><emulator>/opt/qemu</emulator>']),
    );
    expect(warnings).toEqual([
      expect.objectContaining({severity: 'warning', message: expect.stringContaining('/opt/qemu')}),
    ]);
    await expect(driver.hypervisor.domainCreate('one')).rejects.toThrow(/\/opt\/qemu/);
  });
});
