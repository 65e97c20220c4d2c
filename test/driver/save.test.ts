import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const isRoot = process.getuid?.() === 0;
/** Nobody's on this host. */
const GUEST = 61_155;

describe.skipIf(!hasQemu)('a guest whose emulator has QMP (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('demo');
  });
  afterEach(() => driver.dispose());

  const file = () => driver.root.join("it's saved");
  const start = async () => {
    await driver.hypervisor.domainCreate('demo');
    const console = await driver.console('demo');
    await console.see('> ');
    return console;
  };
  const goesOn = async () => {
    await driver.until('demo', ({state}) => state.is === 'running');
    const console = await driver.console('demo');
    console.type('going on');
    await console.see('going on');
    expect(console.text).not.toContain('for help');
  };
  const isAsBefore = async () => {
    const {state} = await driver.hypervisor.domainLookup('demo');
    expect(state.is).toBe('running');
    const console = await driver.console('demo');
    console.type('still here');
    await console.see('still here');
    const {uuid} = await driver.hypervisor.domainLookup('demo');
    expect(existsSync(driver.root.join('run', uuid, 'guest/save.sock'))).toBe(false);
  };

  test('is saved in a file of libvirt, and goes on from there, also paused', async () => {
    await start();
    const seen: number[] = [];
    await driver.hypervisor.domainSave('demo', file(), {onProgress: ({bytes}) => seen.push(bytes)});
    expect((await driver.untilOff('demo')).state.reason).toBe('saved');
    expect(readFileSync(file()).toString('latin1', 0, 16)).toBe('LibvirtQemudSave');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(seen.length).toBeGreaterThan(0);
    expect(await driver.hypervisor.domainRestore(file())).toEqual({name: 'demo'});
    await goesOn();
    await driver.hypervisor.domainDestroy('demo');
    await driver.hypervisor.domainRestore(file(), {runs: false});
    await driver.until('demo', ({state}) => state.is === 'paused');
    await driver.hypervisor.domainResume('demo');
    await goesOn();
  });

  test.skipIf(!isRoot)('that is another user, too (needs root)', async () => {
    writeFileSync(driver.root.join('etc/qemu.conf'), `user = "+${GUEST}"\ngroup = "+${GUEST}"\n`);
    chmodSync(driver.root.path, 0o711);
    chownSync(driver.root.join('demo.img'), GUEST, GUEST);
    await start();
    await driver.hypervisor.domainSave('demo', file());
    expect(statSync(file()).uid).toBe(0);
    await driver.hypervisor.domainRestore(file());
    await goesOn();
    expect(statSync(file()).uid).toBe(0);
  });

  test('goes on when that is given up, and there is no file', async () => {
    await start();
    const saved = driver.hypervisor.domainSave('demo', file(), {isGivenUp: () => true});
    await expect(saved).rejects.toMatchObject({code: 'OPERATION_ABORTED'});
    expect(existsSync(file())).toBe(false);
    await isAsBefore();
  });

  test('goes on when the file cannot be made, or is there', async () => {
    await start();
    await expect(driver.hypervisor.domainSave('demo', driver.root.join('no', 'where'))).rejects.toThrow(
      'there is no such file',
    );
    writeFileSync(file(), 'precious');
    await expect(driver.hypervisor.domainSave('demo', file())).rejects.toThrow('cannot save the guest in');
    expect(readFileSync(file(), 'utf8')).toBe('precious');
    await isAsBefore();
  });

  test.skipIf(!isRoot)('goes on when the disk is full, and there is no file (needs root)', async () => {
    await start();
    const small = driver.root.join('small');
    mkdirSync(small);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', small]).status).toBe(0);
    try {
      const path = `${small}/saved`;
      await expect(driver.hypervisor.domainSave('demo', path)).rejects.toThrow(`cannot write '${path}'`);
      expect(existsSync(path)).toBe(false);
      await isAsBefore();
    } finally {
      spawnSync('umount', [small]);
    }
  });

  test('with a transient disk is not saved', async () => {
    await driver.define('short', ["<target dev='hda'", "<transient/><target dev='hda'"]);
    await driver.hypervisor.domainCreate('short');
    await expect(driver.hypervisor.domainSave('short', file(), {})).rejects.toThrow("its disk 'hda' is transient");
    expect((await driver.hypervisor.domainLookup('short')).state.is).toBe('running');
    expect(existsSync(file())).toBe(false);
  });

  test('is not restored from a file that is cut off, or of another machine', async () => {
    await start();
    await driver.hypervisor.domainSave('demo', file());
    const whole = readFileSync(file());
    truncateSync(file(), Math.floor(whole.length / 2));
    await expect(driver.hypervisor.domainRestore(file())).rejects.toThrow('its emulator cannot read the state');
    expect((await driver.hypervisor.domainLookup('demo')).state.is).toBe('shut off');
    const changed = (from: string, to: string) => {
      const other = Buffer.from(whole);
      other.write(to, other.indexOf(from), 'latin1');
      writeFileSync(file(), other);
      return driver.hypervisor.domainRestore(file());
    };
    await expect(changed("machine='pc'", "machine='xx'")).rejects.toMatchObject({
      detail: expect.arrayContaining([expect.stringContaining('unsupported machine type')]),
    });
    await expect(changed('16384</memory>', '32768</memory>')).rejects.toMatchObject({
      message: "cannot restore domain 'demo': its emulator cannot read the state",
      detail: expect.arrayContaining([expect.stringContaining('pc.ram')]),
    });
    writeFileSync(file(), whole.subarray(0, 60));
    await expect(driver.hypervisor.domainRestore(file())).rejects.toThrow('it is no saved guest');
    writeFileSync(file(), whole);
    await driver.hypervisor.domainRestore(file());
    await goesOn();
  });
});
