import {readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const isRoot = process.getuid?.() === 0;

describe.skipIf(!hasQemu)('qemu.conf at the start of a domain (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('sector');
  });
  afterEach(() => driver.dispose());

  const configure = (text: string) => writeFileSync(driver.root.join('etc/qemu.conf'), text);
  const start = async () => {
    await driver.hypervisor.domainCreate('sector');
    const {pid} = await driver.hypervisor.domainLookup('sector');
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  };
  const fieldOf = (status: string, name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];

  test('the system call filter is on, and off in the process once the file says so: no restart is needed', async () => {
    expect(fieldOf(await start(), 'Seccomp')).toBe('2');
    await driver.hypervisor.domainDestroy('sector');
    configure('seccomp_sandbox = 0\n');
    expect(fieldOf(await start(), 'Seccomp')).toBe('0');
    const {checks} = await driver.hypervisor.domainSecurity('sector');
    expect(checks.find(({aspect}) => aspect === 'seccomp')).toMatchObject({asked: 'nothing', observed: 'disabled'});
    await driver.hypervisor.domainDestroy('sector');
    configure('seccomp_sandbox = 1\n');
    expect(fieldOf(await start(), 'Seccomp')).toBe('2');
  });

  test.skipIf(!isRoot)('capabilities are dropped unless the file keeps them (needs root)', async () => {
    const own = fieldOf(readFileSync('/proc/self/status', 'utf8'), 'CapBnd');
    const dropped = await start();
    expect([fieldOf(dropped, 'CapEff'), fieldOf(dropped, 'CapBnd')]).toEqual(['0000000000000000', '0000000000000000']);
    await driver.hypervisor.domainDestroy('sector');
    configure('clear_emulator_capabilities = 0\n');
    expect(fieldOf(await start(), 'CapBnd')).toBe(own);
    const {checks} = await driver.hypervisor.domainSecurity('sector');
    expect(checks.some(({verdict}) => verdict === 'drift')).toBe(false);
    expect((await driver.hypervisor.instanceSecurity()).guests.dropsCapabilities).toBe(false);
  });

  test('what cannot be kept to refuses a start with file and line, every error named, and nothing is started', async () => {
    configure('# ours\nsecurity_require_confined = 1\nusr = "root"\nvnc_tls = yes\n');
    const path = driver.root.join('etc/qemu.conf');
    await expect(driver.hypervisor.domainCreate('sector')).rejects.toMatchObject({
      message: `cannot start domain 'sector': ${path}:2: 'security_require_confined' has to be 0: guests are confined by no security module here`,
      detail: [
        `${path}:3: there is no setting 'usr': is 'user' meant?`,
        `${path}:4: 'vnc_tls' is set to no number, text in quotes, or list in brackets`,
      ],
    });
    expect((await driver.hypervisor.domainLookup('sector')).state).toEqual({is: 'shut off', reason: 'failed'});
    configure('# ours\n');
    await start();
  });

  test('a setting without effect here is told at the start, with its place', async () => {
    configure('\nmax_files = 1024\n');
    const warnings: string[] = [];
    driver.hypervisor.onDomainEvent(event => {
      if (event.type === 'warning') warnings.push(event.message);
    });
    await start();
    expect(warnings).toContain(
      `${driver.root.join('etc/qemu.conf')}:2: 'max_files' is a setting of libvirt that has no effect here yet`,
    );
  });

  test('screens get their ports from the range of the file', async () => {
    configure('remote_display_port_min = 7345\nvnc_listen = "127.0.0.2"\n');
    await driver.define('seen', ['</devices>', "<graphics type='vnc'/></devices>"]);
    const plan = await driver.hypervisor.domainXmlToNative('seen');
    expect(plan).toMatch(/-vnc 127\.0\.0\.2:14\d\d/);
  });

  test('the instance tells each setting with its line, and what is wrong, without a start', async () => {
    configure('vnc_password = "geheim"\n\nmax_core = 0\nvnc_tls = 3\n');
    const security = await driver.hypervisor.instanceSecurity();
    expect(security.guests.uid).toBe(process.getuid?.());
    expect(security.configuration.settings).toEqual([
      {name: 'vnc_password', value: '(not shown)', line: 1, isHonoured: true},
      {name: 'max_core', value: '0', line: 3, isHonoured: false},
    ]);
    expect(security.configuration.problems.map(({severity, line}) => [severity, line])).toEqual([
      ['warning', 3],
      ['error', 4],
    ]);
  });
});
