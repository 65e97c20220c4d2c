import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
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

  test('a dry run lists every step with its undo, the process and its command line, and does nothing', async () => {
    await driver.define('sector');
    const files = () => readdirSync(driver.root.path, {recursive: true}).filter(file => !`${file}`.includes('cache'));
    const before = files();
    const plan = await driver.hypervisor.domainStartPlan('sector');
    expect(files()).toEqual(before);
    const {uuid} = await driver.hypervisor.domainLookup('sector');
    const runDir = driver.root.join(`run/${uuid}`);
    expect(plan.steps[0]).toEqual({
      kind: 'make-run-dir',
      command: `mkdir -m 0700 ${runDir} && mkdir -m 0700 ${runDir}/guest`,
      undo: `rm -rf ${runDir}`,
    });
    const log = driver.root.join('log/sector~serial0.log');
    const stepsOf = (wanted: string) =>
      plan.steps.filter(({kind}) => kind === wanted).map(({command, undo}) => [command, undo]);
    expect(stepsOf('rotate-log')[0]).toEqual([`mv '${log}' '${log}.0'`, `mv '${log}.0' '${log}'`]);
    expect(stepsOf('create-log')).toEqual([[`touch '${log}'`, `rm -f '${log}'`]]);
    expect(plan.environment).toMatchObject({LC_ALL: 'C'});
    expect(Object.fromEntries(plan.confinement)).toMatchObject({'no new privileges': 'yes', seccomp: 'filter'});
    await driver.hypervisor.domainCreate('sector');
    const {pid} = await driver.hypervisor.domainLookup('sector');
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe(plan.argv.map(word => `${word}\0`).join(''));
    await expect(driver.hypervisor.domainStartPlan('sector')).rejects.toMatchObject({code: 'OPERATION_INVALID'});
  });

  test('a dry run is refused where the start would be, and by a reader told all the same', async () => {
    await driver.define('sector');
    const reader = await driver.openReader();
    expect((await reader.domainStartPlan('sector')).domain).toBe('sector');
    writeFileSync(driver.root.join('etc/qemu.conf'), 'security_require_confined = 1\n');
    await expect(reader.domainStartPlan('sector')).rejects.toThrow(
      "qemu.conf:1: 'security_require_confined' has to be 0",
    );
    await reader.close();
  });
});
