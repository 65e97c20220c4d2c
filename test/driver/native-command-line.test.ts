import {readdirSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {groupWords} from '../../src/driver/argv/group-words.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

test('an option keeps its value, what is no option stands alone', () => {
  expect(groupWords(['-S', '-name', 'guest=a b', 'disk.img', '-append', '-x']).map(({kind}) => kind)).toEqual([
    'bare',
    'text',
    'bare',
    'bare',
    'bare',
  ]);
});

describe.skipIf(!hasQemu)('the command line of a domain (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  test('planned, it is what the start then uses, and planning leaves nothing behind', async () => {
    await driver.define('sector');
    const files = () => readdirSync(driver.root.path, {recursive: true}).filter(file => !`${file}`.includes('cache'));
    const before = files();
    const planned = await driver.hypervisor.domainXmlToNative('sector');
    expect(files()).toEqual(before);
    expect(planned.split(' \\\n').every((line, at) => at === 0 || line.startsWith('  -'))).toBe(true);
    await driver.hypervisor.domainCreate('sector');
    expect(await driver.hypervisor.domainXmlToNative('sector')).toBe(planned);
    await driver.hypervisor.domainDestroy('sector');
  });
});
