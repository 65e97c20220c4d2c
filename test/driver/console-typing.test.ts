import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const MODULE = fileURLToPath(new URL('../../src/host/typing-right.ts', import.meta.url));

describe.skipIf(!hasQemu)('the right to type into a line (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  let other: ChildProcess | undefined;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
  });
  afterEach(async () => {
    other?.kill('SIGKILL');
    await driver.dispose();
  });

  /** Another process takes the right, and says in `y` or `n` whether it has it when asked. */
  const takeElsewhere = async () => {
    const {uuid} = await driver.hypervisor.domainLookup('sector');
    const path = driver.root.join(`run/${uuid}/serial0.typist`);
    const script = `
      const {typingRight} = await import(${JSON.stringify(MODULE)});
      const right = typingRight(${JSON.stringify(path)});
      process.stdout.write(right.take({force: false}) ? 'n' : 'y');
      process.stdin.on('data', () => process.stdout.write(right.isMine ? 'y' : 'n'));`;
    other = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['pipe', 'pipe', 'inherit']});
    return said();
  };
  const said = async () => String((await once(other?.stdout ?? process.stdin, 'data'))[0]);

  test('is one process: another is told who has it, and goes on looking', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    expect(await takeElsewhere()).toBe('y');
    expect(() => console.type('x')).toThrow(
      expect.objectContaining({
        code: 'RESOURCE_BUSY',
        message: expect.stringMatching(new RegExp(`types there, process ${other?.pid}, since \\d\\d:\\d\\d:\\d\\d$`)),
      }),
    );
  });

  test('ends with its process, however that ends', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    await takeElsewhere();
    const gone = once(other ?? process, 'exit');
    other?.kill('SIGKILL');
    await gone;
    console.type('mine');
    await console.see('mine');
  });

  test('is taken over by force, which the other one notices', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    await takeElsewhere();
    console.stream.claim({force: true});
    console.type('taken');
    await console.see('taken');
    other?.stdin?.write('?');
    expect(await said()).toBe('n');
  });

  test('is given back: then another process may type', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    console.type('a');
    console.stream.release();
    expect(await takeElsewhere()).toBe('y');
  });

  test('is kept from another process by whoever types', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    console.type('a');
    expect(await takeElsewhere()).toBe('n');
  });
});
