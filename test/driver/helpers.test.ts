import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {parseStat} from '../../src/host/proc.ts';
import {isKvmUsable} from '../support/usable-kvm.ts';
import {DriverHarness, hasQemu, QEMU} from './driver-harness.ts';

const hasSwtpm = existsSync('/usr/bin/swtpm') && existsSync('/usr/bin/swtpm_setup');
const hasGpu = existsSync('/usr/lib/qemu/vhost-user-gpu') && (await isKvmUsable(QEMU));
const hasDbus = existsSync('/usr/bin/dbus-daemon') && existsSync('/usr/lib/x86_64-linux-gnu/qemu/ui-dbus.so');

const UUID = '7b1f3ed0-3c1e-4b8c-9b1a-6d2d4a3c5e01';

describe.skipIf(!hasQemu)('a program beside the emulator (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  const start = async (devices: string) => {
    await driver.define('guest', ['<memory', `<uuid>${UUID}</uuid><memory`], ['<serial', `${devices}<serial`]);
    await driver.hypervisor.domainCreate('guest');
  };
  const pidOf = (name: string) => parseStat(readFileSync(driver.root.join(`run/${UUID}/${name}.pid`), 'utf8'))?.pid;
  const query = async (command: string) => driver.hypervisor.domainMonitorCommand('guest', command, {format: 'hmp'});

  test.skipIf(!hasSwtpm)(
    'is the TPM, new at the first start and the same at the next, and ends with its guest',
    async () => {
      await start("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
      const state = driver.root.join(`lib/swtpm/${UUID}/tpm2/tpm2-00.permall`);
      // Its own random seeds; behind them is what firmware counts, e.g. how often the guest was started.
      const seeds = () => readFileSync(state).subarray(0, 900);
      const made = seeds();
      const first = pidOf('swtpm');
      expect(existsSync(`/proc/${first}`)).toBe(true);
      expect(await query('info tpm')).toContain('tpm0: model=tpm-crb');
      await driver.hypervisor.domainDestroy('guest');
      expect(existsSync(`/proc/${first}`)).toBe(false);
      await driver.hypervisor.domainCreate('guest');
      expect(seeds()).toEqual(made);
      const second = pidOf('swtpm');
      // Killed without the driver, the emulator takes its TPM along.
      await driver.reopen(async () => {});
      await driver.hypervisor.domainDestroy('guest');
      expect(existsSync(`/proc/${second}`)).toBe(false);
      await driver.hypervisor.domainUndefine('guest');
      expect(existsSync(driver.root.join(`lib/swtpm/${UUID}`))).toBe(false);
    },
  );

  test.skipIf(!hasSwtpm)('is an old TPM where the definition says so (needs swtpm)', async () => {
    await start("<tpm model='tpm-tis'><backend type='emulator' version='1.2'/></tpm>");
    expect(readdirSync(driver.root.join(`lib/swtpm/${UUID}`))).toEqual(['tpm1.2']);
    expect(await query('info tpm')).toContain('tpm0: model=tpm-tis');
  });

  test.skipIf(!hasSwtpm)('keeps a TPM whose state is encrypted with a stored secret (needs swtpm)', async () => {
    const secrets = driver.root.join('etc/secrets');
    mkdirSync(secrets);
    const value = Buffer.from('a pass phrase');
    writeFileSync(`${secrets}/${UUID}.base64`, value.toString('base64'));
    const inside = `<encryption secret='${UUID}'/>`;
    await start(`<tpm model='tpm-crb'><backend type='emulator' version='2.0'>${inside}</backend></tpm>`);
    expect(existsSync(driver.root.join(`run/${UUID}/secret-tpm`))).toBe(false);
    await driver.hypervisor.domainDestroy('guest');
    await driver.hypervisor.domainCreate('guest');
    await driver.hypervisor.domainDestroy('guest');
    writeFileSync(`${secrets}/${UUID}.base64`, Buffer.from('another one').toString('base64'));
    await expect(driver.hypervisor.domainCreate('guest')).rejects.toThrow('cannot start');
  });

  test.skipIf(!hasSwtpm)('leaves nothing behind when the emulator refuses (needs swtpm)', async () => {
    const tpm = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";
    const edits = [
      ['<memory', `<uuid>${UUID}</uuid><memory`],
      ['<serial', `${tpm}<serial`],
      ['guest.img', 'none.img'],
    ] as const;
    await driver.define('guest', ...edits);
    await expect(driver.hypervisor.domainCreate('guest')).rejects.toMatchObject({code: 'INTERNAL_ERROR'});
    expect(existsSync(driver.root.join(`run/${UUID}`))).toBe(false);
    expect(readdirSync(driver.root.join(`lib/swtpm/${UUID}`))).toEqual([]);
  });

  test.skipIf(!hasGpu)(
    'draws for a graphics adapter of vhost-user (needs vhost-user-gpu and a KVM that runs guests)',
    async () => {
      const memory = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";
      const video = "<video><driver name='vhostuser'/><model type='virtio'/></video>";
      await driver.define(
        'guest',
        ["type='qemu'", "type='kvm'"], // under TCG an emulator has no vhost
        ['<memory', `<uuid>${UUID}</uuid>${memory}<memory`],
        ['<serial', `${video}<serial`],
      );
      await driver.hypervisor.domainCreate('guest');
      const pid = pidOf('video0');
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      await driver.hypervisor.domainDestroy('guest');
      expect(existsSync(`/proc/${pid}`)).toBe(false);
    },
  );

  test.skipIf(!hasDbus)(
    'is the message bus of a screen on D-Bus (needs dbus-daemon and the module ui-dbus)',
    async () => {
      await start("<graphics type='dbus'/>");
      const pid = pidOf('dbus');
      expect(await driver.hypervisor.domainGetXml('guest')).toContain(`address='unix:path=`);
      await driver.hypervisor.domainDestroy('guest');
      expect(existsSync(`/proc/${pid}`)).toBe(false);
    },
  );
});
