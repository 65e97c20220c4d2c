import {mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Picture} from '../../src/base/picture.ts';
import {readForeignFile} from '../../src/host/read-foreign-file.ts';
import {makeTempRoot} from '../support/temp-root.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const VIDEO = ['<serial', "<video><model type='vga'/></video><serial"] as const;

/** Pixels that are not black: a screen with text has some, a screen that is blank none. */
function litPixels({rgb}: Picture): number {
  return rgb.reduce((sum, value, at) => (at % 3 === 0 && value > 80 ? sum + 1 : sum), 0);
}

test('what an emulator puts in the place of its file is neither followed nor waited for', async () => {
  const root = await makeTempRoot();
  try {
    writeFileSync(root.join('secret'), 'secret');
    symlinkSync(root.join('secret'), root.join('link'));
    mkdirSync(root.join('folder'));
    await expect(readForeignFile(root.join('link'), 100)).rejects.toMatchObject({code: 'SYSTEM_ERROR'});
    await expect(readForeignFile(root.join('folder'), 100)).rejects.toThrow('it is no plain file');
    await expect(readForeignFile(root.join('secret'), 5)).rejects.toThrow('it is larger than 5 bytes');
    expect(Buffer.from(await readForeignFile(root.join('secret'), 6)).toString()).toBe('secret');
  } finally {
    await root.remove();
  }
});

describe.skipIf(!hasQemu)('pictures of the screen (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  test("shows the firmware's text, also to a reader in another place, and leaves no file", async () => {
    await driver.define('vga', VIDEO);
    await driver.hypervisor.domainCreate('vga');
    await (await driver.console('vga')).see('> '); // the firmware has written by now
    const picture = await driver.hypervisor.domainScreenshot('vga');
    expect(picture).toMatchObject({width: 720, height: 400});
    expect(litPixels(picture)).toBeGreaterThan(500);
    const reader = await driver.openReader();
    expect(litPixels(await reader.domainScreenshot('vga', {screen: 0}))).toBeGreaterThan(500);
    await reader.close();
    const {uuid} = await driver.hypervisor.domainLookup('vga');
    expect(readdirSync(driver.root.join('run', uuid)).filter(name => name.startsWith('screen-'))).toEqual([]);
    await expect(driver.hypervisor.domainScreenshot('vga', {screen: 1})).rejects.toMatchObject({
      code: 'INVALID_ARG',
      hint: 'it has one, number 0',
    });
  });

  test('a guest without a video device, and one that is off, are refused with what to do', async () => {
    await driver.define('blind');
    await expect(driver.hypervisor.domainScreenshot('blind')).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      hint: 'start it first: virtty start blind',
    });
    await driver.hypervisor.domainCreate('blind');
    await expect(driver.hypervisor.domainScreenshot('blind')).rejects.toMatchObject({
      message: expect.stringContaining('it has no video device'),
      hint: expect.stringContaining('virtty console blind'),
    });
  });
});
