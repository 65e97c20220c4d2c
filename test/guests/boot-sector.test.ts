import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {
  BOOT_SECTOR_BANNER,
  BOOT_SECTOR_FLOOD_BYTES,
  bootSectorBytes,
  writeBootSectorImage,
} from './boot-sector/boot-sector.ts';
import {RawGuest} from './raw-guest.ts';

const isHere = (command: string) => spawnSync(command, ['--version'], {stdio: 'ignore'}).status === 0;

const bootFrom = (path: string, machine: string) => [
  '-M',
  machine,
  '-m',
  '16',
  '-drive',
  `file=${path},format=raw,if=ide`,
];

let directory: string;
let image: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'virtty-boot-sector-'));
  image = join(directory, 'disk.img');
  writeBootSectorImage(image);
});
afterEach(() => rmSync(directory, {recursive: true, force: true}));

test.skipIf(!isHere('as') || !isHere('ld'))('the bytes are what the source assembles to (needs as and ld)', () => {
  const source = fileURLToPath(new URL('boot-sector/boot-sector.S', import.meta.url));
  const object = join(directory, 'boot-sector.o');
  const binary = join(directory, 'boot-sector.bin');
  execFileSync('as', ['--32', '-o', object, source]);
  execFileSync('ld', ['-m', 'elf_i386', '-Ttext', '0x7c00', '--oformat', 'binary', '-o', binary, object]);
  expect(readFileSync(binary).toString('hex')).toBe(Buffer.from(bootSectorBytes()).toString('hex'));
});

describe.skipIf(!isHere('qemu-system-x86_64'))('in an emulator (needs qemu-system-x86_64)', () => {
  let guest: RawGuest;
  beforeEach(() => {
    guest = new RawGuest('qemu-system-x86_64', bootFrom(image, 'pc'));
  });
  afterEach(() => guest.kill());

  test('it prints a banner, echoes what is typed, erases, and explains itself', async () => {
    await guest.see(BOOT_SECTOR_BANNER);
    await guest.say('abx\x7fc\r', '> abx\b \bc\r\n> ');
    await guest.say('?\r', 'f flood, p power off, r reboot');
  });

  test('f floods the line with all its bytes', async () => {
    await guest.see('> ');
    await guest.say('f\r', '09ff 0123456789');
    await guest.see('x\r\n> ');
    expect(guest.printed).toBe('\r\nvirtty boot sector: ? for help\r\n> f\r\n'.length + BOOT_SECTOR_FLOOD_BYTES + 2);
  });

  test('a key ends the flood', async () => {
    await guest.see('> ');
    await guest.say('f\r', '0001 0123456789');
    await guest.say('k', 'x\r\n> ');
    expect(guest.printed).toBeLessThan(BOOT_SECTOR_FLOOD_BYTES);
  });

  test('r reboots it and p powers it off', async () => {
    await guest.see('> ');
    await guest.say('r\r', 'reboot\r\n');
    await guest.see(BOOT_SECTOR_BANNER);
    await guest.say('p\r', 'power off\r\n');
    expect(await guest.exited).toBe(0);
  });

  test('the power button powers it off', async () => {
    await guest.see('> ');
    guest.monitor('system_powerdown');
    await guest.see('power off\r\n');
    expect(await guest.exited).toBe(0);
  });

  test('it gets every key where SeaBIOS has a console on the same line', async () => {
    guest.kill();
    guest = new RawGuest('qemu-system-x86_64', bootFrom(image, 'pc,graphics=off'));
    await guest.see('> ');
    const line = 'the quick brown fox jumps over the lazy dog '.repeat(5);
    await guest.say(`${line}\r`, `${line}\r\n> `);
  });
});
