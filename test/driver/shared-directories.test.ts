import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {parseStat} from '../../src/host/proc.ts';
import {hasMountedRoot} from '../support/surroundings.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const UUID = '7b1f3ed0-3c1e-4b8c-9b1a-6d2d4a3c5e02';
const VIRTIOFSD = ['/usr/lib/qemu/virtiofsd', '/usr/libexec/virtiofsd'].find(existsSync);
const isRoot = process.getuid?.() === 0;
const needs = [
  ...(VIRTIOFSD === undefined ? ['virtiofsd'] : []),
  ...(isRoot ? [] : ['root']),
  ...(hasMountedRoot ? [] : ['a root that is a mount']),
];
const why = needs.length === 0 ? '' : `needs ${needs.join(', ')}`;
const noPasst = existsSync('/usr/bin/passt') ? '' : ' (needs passt)';

describe.skipIf(!hasQemu)('what a guest shares with programs of the host (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  const start = async (devices: string, more = '') => {
    await driver.define('guest', ['<memory', `<uuid>${UUID}</uuid>${more}<memory`], ['<serial', `${devices}<serial`]);
    await driver.hypervisor.domainCreate('guest');
  };
  const pidOf = (name: string) => parseStat(readFileSync(driver.root.join('run', UUID, name), 'utf8'))?.pid ?? 0;
  const isRunning = (pid: number) => existsSync(`/proc/${pid}`);
  const query = (command: string) => driver.hypervisor.domainMonitorCommand('guest', command, {format: 'hmp'});

  test.skipIf(why !== '')(
    `is a directory over virtiofs, whose daemon goes with the guest${why && ` (${why})`}`,
    async () => {
      const shared = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";
      await mkdir(driver.root.join('a,b'));
      await start(
        `<filesystem type='mount'><driver type='virtiofs' queue='512'/><source dir='${driver.root.join('a,b')}'/><target dir='t'/></filesystem>`,
        shared,
      );
      const daemon = pidOf('fs0-fs.stat');
      expect(isRunning(daemon)).toBe(true);
      expect(await query('info qtree')).toContain('tag = "t"');
      await driver.hypervisor.domainDestroy('guest');
      await expect.poll(() => isRunning(daemon), {timeout: 10_000}).toBe(false);
      expect(readdirSync(driver.root.join('run')).filter(name => name.startsWith('7b'))).toEqual([]);
    },
  );

  test('is a directory over 9p', async () => {
    await start(
      `<filesystem type='mount' accessmode='mapped' fmode='0640'><source dir='${driver.root.path}'/><target dir='t'/><readonly/></filesystem>`,
    );
    expect(await query('info qtree')).toContain('mount_tag = "t"');
  });

  test.skipIf(noPasst !== '')(`is a network of passt, which goes with the guest${noPasst}`, async () => {
    await start("<interface type='user'><backend type='passt'/><model type='virtio'/></interface>");
    const helper = pidOf('net0-passt.stat');
    expect(isRunning(helper)).toBe(true);
    // The emulator connects while it is running already, and says so when it has.
    await expect.poll(() => query('info network'), {timeout: 10_000}).toContain('passt.sock');
    await driver.hypervisor.domainDestroy('guest');
    await expect.poll(() => isRunning(helper), {timeout: 10_000}).toBe(false);
  });
});
