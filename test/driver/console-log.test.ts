import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {ConsoleChunk, Hypervisor} from '../../src/model/hypervisor.ts';
import {BOOT_SECTOR_BANNER, BOOT_SECTOR_FLOOD_BYTES} from '../guests/boot-sector/boot-sector.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const PIECE = 8192;
const LOG = 'log/sector~serial0.log';

describe.skipIf(!hasQemu)('the log of a serial line (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('sector');
  });
  afterEach(() => driver.dispose());

  const log = () => driver.root.join(LOG);
  const journal = () => (existsSync(`${log()}.times`) ? readFileSync(`${log()}.times`, 'utf8') : '');
  const limit = () =>
    writeFileSync(driver.root.join('etc/qemu.conf'), `console_log_max_size = ${PIECE}\nconsole_log_max_backups = 1\n`);

  test('what somebody saw come has a time, what nobody saw has one before which it came', async () => {
    await driver.hypervisor.domainCreate('sector'); // nobody listens, nobody looks
    await until(() => readFileSync(log(), 'latin1').includes(BOOT_SECTOR_BANNER), 'the banner in the log');
    expect(journal()).toBe('');
    const openedMs = Date.now();
    const console = await driver.console('sector');
    await console.see('> ');
    console.type('seen');
    await console.see('seen');
    await until(() => journal().includes('g '), 'the growth in the journal');
    const chunks = await history(driver.hypervisor);
    expect(chunks[0]?.time).toMatchObject({is: 'before'});
    expect(chunks[0]?.time?.ms).toBeGreaterThanOrEqual(openedMs);
    expect(textOf(chunks.filter(({time}) => time?.is === 'at'))).toContain('s');
    expect(textOf(chunks)).toBe(console.text);
  });

  test('a guest that floods does not fill the disk; what is gone is counted', async () => {
    limit();
    await driver.hypervisor.domainCreate('sector');
    const console = await driver.console('sector');
    await console.see('> ');
    console.type('f\r');
    await until(() => statSync(log()).size > BOOT_SECTOR_FLOOD_BYTES, 'the flood');
    await until(() => keptFrom(journal()) > 0, 'the cut');
    await until(() => statSync(log()).blocks * 512 <= 3 * PIECE, 'the place to be given back');
    const chunks = await history(driver.hypervisor);
    const size = statSync(log()).size;
    const kept = textOf(chunks);
    expect(chunks[0]?.droppedBytes).toBe(size - kept.length);
    expect(kept.length).toBeLessThanOrEqual(3 * PIECE);
    expect(kept).not.toContain('\0');
    expect(kept.endsWith('> ')).toBe(true);
    expect(console.text).toContain(kept);
  });

  test('a log that grew while nobody watched is cut when somebody looks', async () => {
    await driver.hypervisor.domainCreate('sector');
    const console = await driver.console('sector');
    await console.see('> ');
    console.type('f\r');
    await console.see('09ff');
    await driver.reopen(limit);
    const chunks = await history(driver.hypervisor);
    expect(textOf(chunks).length).toBeGreaterThan(0);
    await until(() => keptFrom(journal()) > 0, 'the cut');
  });

  test('a viewer that cannot keep up and wants to be near the end leaves out what is counted', async () => {
    await driver.hypervisor.domainCreate('sector');
    const fast = await driver.console('sector');
    await fast.see('> ');
    const slow = await driver.hypervisor.domainOpenConsole('sector', {historyBytes: 0, maxLagBytes: 64 * 1024});
    let [seen, dropped] = ['', 0];
    slow.onData(({bytes, droppedBytes = 0}) => {
      seen += Buffer.from(bytes).toString('latin1');
      dropped += droppedBytes;
    });
    slow.pause();
    const before = fast.text.length;
    fast.type('f\r');
    await fast.see('09ff');
    await fast.see('\r\n> ', 2);
    slow.resume();
    await until(() => seen.endsWith('\r\n> '), 'the end of the flood');
    expect(dropped).toBeGreaterThan(BOOT_SECTOR_FLOOD_BYTES / 2);
    expect(dropped + seen.length).toBe(fast.text.length - before);
    slow.dispose();
  });

  test('the boot before keeps its log and its times', async () => {
    await driver.hypervisor.domainCreate('sector');
    const console = await driver.console('sector');
    await console.see('> ');
    await until(() => journal() !== '', 'the journal');
    await driver.hypervisor.domainDestroy('sector');
    await driver.hypervisor.domainCreate('sector');
    const stream = await driver.hypervisor.domainOpenLog('sector', {console: true, boot: -1});
    const chunks = await read(stream);
    expect(textOf(chunks)).toContain(BOOT_SECTOR_BANNER);
    expect(existsSync(`${log()}.0.times`)).toBe(true);
  });
});

function keptFrom(journal: string): number {
  return Number(/^d (\d+)$/m.exec(journal)?.[1] ?? 0);
}

async function history(hypervisor: Hypervisor): Promise<readonly ConsoleChunk[]> {
  return read(await hypervisor.domainOpenConsole('sector'));
}

async function read(stream: Awaited<ReturnType<Hypervisor['domainOpenConsole']>>): Promise<readonly ConsoleChunk[]> {
  const chunks: ConsoleChunk[] = [];
  let length = 0;
  stream.onData(chunk => {
    if (!chunk.replay) return;
    chunks.push(chunk);
    length += chunk.bytes.length;
  });
  await until(() => length >= stream.historyBytes, 'the history');
  stream.dispose();
  return chunks;
}

function textOf(chunks: readonly ConsoleChunk[]): string {
  return chunks.map(({bytes}) => Buffer.from(bytes).toString('latin1')).join('');
}

/** Looks again and again, as what happens in files does not tell; fails after 15 s. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`deadline: ${what}`);
    await delay(20);
  }
}
