import {writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {chordsOfText} from '../../src/model/guest-keys.ts';
import {type ConsoleText, DriverHarness, hasQemu} from './driver-harness.ts';

/** A boot sector that prints `>` on the serial line and then every character of the keyboard, which the firmware reads. */
const KEYBOARD_ECHO = Buffer.from(
  [
    'b03e', // mov al, '>'
    'baf803', // print: mov dx, 0x3f8
    'ee', // out dx, al
    '31c0', // xor ax, ax
    'cd16', // int 0x16: waits for a key
    'ebf6', // jmp print
  ].join(''),
  'hex',
);

describe.skipIf(!hasQemu)('keys of the keyboard (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  let console: ConsoleText;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('keys');
    const image = Buffer.alloc(64 * 1024);
    image.set(KEYBOARD_ECHO);
    image.set([0x55, 0xaa], 510);
    writeFileSync(driver.root.join('keys.img'), image);
    await driver.hypervisor.domainCreate('keys');
    console = await driver.console('keys');
    await console.see('>');
  });
  afterEach(() => driver.dispose());

  test('a text arrives whole, and so do keys that are pressed together', async () => {
    const text = 'echo "Hello, World" | tr a-z A-Z > /tmp/~x_{1}; # 100% & more\\';
    await driver.hypervisor.domainSendKeys('keys', chordsOfText(text));
    await console.see(text);
    await driver.hypervisor.domainSendKeys('keys', [['ctrl', 'c']], {holdTimeMs: 20});
    await console.see('\x03');
  });

  test('a guest that stands still, an unknown key and a connection that only reads are refused', async () => {
    const press = () => driver.hypervisor.domainSendKeys('keys', [['a']]);
    await expect(driver.hypervisor.domainSendKeys('keys', [['nope']])).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
    });
    await driver.hypervisor.domainSuspend('keys');
    await expect(press()).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      hint: 'let it go on first: virtty resume keys',
    });
    await driver.hypervisor.domainDestroy('keys');
    await expect(press()).rejects.toMatchObject({hint: 'start it first: virtty start keys'});
    const reader = await driver.openReader();
    await expect(reader.domainSendKeys('keys', [['a']])).rejects.toMatchObject({code: 'OPERATION_DENIED'});
    await reader.close();
  });
});
