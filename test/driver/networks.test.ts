import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {clearAbortedStarts} from '../../src/driver/clear-aborted-starts.ts';
import {writeTakeBacks} from '../../src/driver/host-steps/take-back.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const why = reasonToSkip();

/** Network devices belong to the whole host: each run has names of its own. */
const BRIDGE = `vtb${process.pid}`;
const LOWER = `vtl${process.pid}`;
const NET = '/sys/class/net';

function reasonToSkip(): string {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!hasQemu) return 'needs qemu-system-x86_64';
  if (!existsSync('/usr/sbin/ip') && !existsSync('/usr/bin/ip') && !existsSync('/sbin/ip')) return "needs 'ip'";
  if (!existsSync('/dev/net/tun')) return 'needs /dev/net/tun';
  return canMake(['type', 'bridge']) ? '' : 'needs a kernel with bridges, and the right to make them';
}

function canMake(type: readonly string[]): boolean {
  const name = `vtp${process.pid}`;
  try {
    ip('link', 'add', name, ...type);
    ip('link', 'delete', name);
    return true;
  } catch {
    return false; // that is what is asked
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', [...args], {stdio: 'pipe'});
}

function deviceExists(name: string): boolean {
  return existsSync(`${NET}/${name}`);
}

function read(name: string, what: string): string {
  return readFileSync(`${NET}/${name}/${what}`, 'utf8').trim();
}

const ports = () => readdirSync(`${NET}/${BRIDGE}/brif`).sort();
const bridged = (more = '') =>
  `<interface type='bridge'><source bridge='${BRIDGE}'/><model type='e1000'/>${more}</interface>`;

describe.skipIf(why !== '')(`the network devices of a domain${why === '' ? '' : ` (${why})`}`, () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    ip('link', 'add', BRIDGE, 'type', 'bridge');
    ip('link', 'set', BRIDGE, 'mtu', '1400', 'up');
  });
  afterEach(async () => {
    try {
      await driver.dispose();
    } finally {
      for (const name of [BRIDGE, LOWER]) if (deviceExists(name)) ip('link', 'delete', name);
    }
  });

  const define = (name: string, interfaces: string) => driver.define(name, ['</devices>', `${interfaces}</devices>`]);
  const start = async (name: string, interfaces: string) => {
    await define(name, interfaces);
    await driver.hypervisor.domainCreate(name);
  };
  const targets = async (name: string) =>
    [...(await driver.hypervisor.domainGetXml(name)).matchAll(/<target dev='((?:vnet|macvtap|vt)\w+)'/g)].map(
      ([, dev]) => dev ?? '',
    );

  test('of two guests are ports of one bridge, over which they hear each other, and gone with them', async () => {
    // Their ROMs ask for an address, and listen to everybody.
    const network = ["<boot dev='hd'/>", "<boot dev='network'/><bios useserial='yes'/>"] as const;
    for (const [name, more] of [
      ['b', "<mtu size='1300'/>"],
      ['a', ''],
    ] as const) {
      await driver.define(name, ['</devices>', `${bridged(more)}</devices>`], network);
      await driver.hypervisor.domainCreate(name);
    }
    const [[first = ''], [second = '']] = [await targets('a'), await targets('b')];
    expect(ports()).toEqual([first, second].sort());
    expect([read(first, 'mtu'), read(second, 'mtu')]).toEqual(['1400', '1300']);
    expect(read(first, 'address')).toMatch(/^fe:54:00:/);
    const heard = () => Number(read(second, 'statistics/tx_packets'));
    const before = heard();
    await expect.poll(heard, {timeout: 15_000}).toBeGreaterThan(before + 1);
    for (const name of ['a', 'b']) await driver.hypervisor.domainDestroy(name);
    expect(ports()).toEqual([]);
    expect([first, second].filter(deviceExists)).toEqual([]);
  });

  test('are in the plan that is shown, which makes none of them', async () => {
    await define('a', bridged());
    const plan = await driver.hypervisor.domainXmlToNative('a');
    const [dev = ''] = /(?<=ifname=)\w+/.exec(plan) ?? [];
    expect(plan).toMatch(
      new RegExp(`^# at the end: \\S+/ip link delete dev ${dev}\n# \\S+/ip tuntap add dev ${dev} mode tap`),
    );
    expect(plan).toContain(`master ${BRIDGE}\n# `);
    expect(ports()).toEqual([]);
    await driver.hypervisor.domainCreate('a');
    expect(await targets('a')).toEqual([dev]);
    await driver.hypervisor.domainDestroy('a');
  });

  test('have names that are never given twice', async () => {
    await start('a', bridged());
    const [first] = await targets('a');
    await driver.hypervisor.domainDestroy('a');
    await driver.hypervisor.domainCreate('a');
    expect(await targets('a')).not.toContain(first);
    await driver.reopen();
    await driver.hypervisor.domainDestroy('a');
    expect(ports()).toEqual([]);
  });

  test('go when a start fails', async () => {
    const bad = "<qemu:commandline><qemu:arg value='-nonsense'/></qemu:commandline>";
    await driver.define(
      'a',
      ['</devices>', `${bridged()}</devices>${bad}`],
      ['<domain ', '<domain xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0" '],
    );
    await expect(driver.hypervisor.domainCreate('a')).rejects.toThrow('the emulator refused');
    expect(ports()).toEqual([]);
  });

  test('go when the emulator is killed', async () => {
    await start('a', bridged());
    const {pid = 0} = await driver.hypervisor.domainLookup('a');
    process.kill(pid, 'SIGKILL');
    await driver.untilOff('a');
    await expect.poll(ports, {timeout: 10_000}).toEqual([]);
  });

  test('go when the emulator ends while nobody watches', async () => {
    await start('a', bridged());
    const {pid = 0} = await driver.hypervisor.domainLookup('a');
    await driver.reopen(() => {
      expect(ports()).toHaveLength(1);
      process.kill(pid, 'SIGKILL');
    });
    await driver.untilOff('a');
    await expect.poll(ports, {timeout: 10_000}).toEqual([]);
  });

  test('go when a start was cut short, but not after the host was booted', async () => {
    const ipPath = ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'].find(existsSync) ?? 'ip';
    const uuid = '7b1f3ed0-3c1e-4b8c-9b1a-6d2d4a3c5e03';
    const runDir = driver.root.join('run', uuid);
    const paths = {definitions: '', lib: '', cache: '', log: '', run: driver.root.join('run')};
    for (const isOfThisBoot of [false, true]) {
      if (!deviceExists(LOWER)) ip('tuntap', 'add', 'dev', LOWER, 'mode', 'tap');
      ip('link', 'set', 'dev', LOWER, 'alias', 'mine');
      mkdirSync(runDir, {recursive: true});
      await writeTakeBacks(runDir, [{what: 'link', dev: LOWER, mark: 'mine', ip: ipPath}]);
      const record = `${runDir}/take-back.json`;
      if (!isOfThisBoot)
        writeFileSync(record, readFileSync(record, 'utf8').replace(/"bootId":"[^"]*"/, '"bootId":"x"'));
      expect(await clearAbortedStarts([uuid], paths)).toEqual([]);
      expect([deviceExists(LOWER), existsSync(runDir)]).toEqual([!isOfThisBoot, false]);
    }
  });

  test('of others are left alone, though they bear the name', async () => {
    await start('a', bridged());
    const [name = ''] = await targets('a');
    ip('link', 'set', 'dev', name, 'alias', 'mine');
    await driver.hypervisor.domainDestroy('a');
    expect(ports()).toEqual([name]);
    ip('link', 'delete', name);
  });

  test('have the names that a definition gives, and its scripts run on them', async () => {
    const log = driver.root.join('log.txt');
    const script = (word: string) => {
      const path = driver.root.join(`if${word}`);
      writeFileSync(path, `#!/bin/sh\necho ${word} "$1" "$(cat ${NET}/$1/operstate)" >>${log}\n`, {mode: 0o755});
      return path;
    };
    const target = `vt${process.pid}`;
    await start(
      'a',
      `<interface type='ethernet'><source><ip address='192.0.2.1' family='ipv4' prefix='24'/></source>
       <script path='${script('up')}'/><downscript path='${script('down')}'/><target dev='${target}'/></interface>`,
    );
    expect(read(target, 'ifalias')).toContain('virtty');
    expect(execFileSync('ip', ['-o', 'address', 'show', target], {encoding: 'utf8'})).toContain('192.0.2.1/24');
    await define('b', `<interface type='ethernet'><target dev='${target}'/></interface>`);
    await expect(driver.hypervisor.domainCreate('b')).rejects.toThrow(`there is a network device '${target}' already`);
    await driver.hypervisor.domainDestroy('a');
    expect(readFileSync(log, 'utf8')).toMatch(new RegExp(`^up ${target} \\w+\ndown ${target} \\w+\n$`));
    expect(deviceExists(target)).toBe(false);
  });

  test('that somebody made for a guest are used and stay', async () => {
    ip('tuntap', 'add', 'dev', LOWER, 'mode', 'tap');
    await start('a', `<interface type='ethernet'><target dev='${LOWER}' managed='no'/></interface>`);
    expect(read(LOWER, 'ifalias')).toBe('');
    await driver.hypervisor.domainDestroy('a');
    expect(deviceExists(LOWER)).toBe(true);
  });

  test('have a queue for each that is wished for, and no link when it is down', async () => {
    await start(
      'a',
      bridged().replace("<model type='e1000'/>", "<model type='virtio'/><driver queues='3'/><link state='down'/>"),
    );
    const [name = ''] = await targets('a');
    const details = execFileSync('ip', ['-d', 'link', 'show', name], {encoding: 'utf8'});
    expect(details).toMatch(/multi_queue .*numdisabled 2/);
    const nic = JSON.stringify({execute: 'qom-get', arguments: {path: '/machine/peripheral/net0', property: 'mq'}});
    expect(await driver.hypervisor.domainMonitorCommand('a', nic, {format: 'qmp'})).toContain('true');
  });

  test.skipIf(!canMake(['type', 'veth', 'peer', 'name', `vtq${process.pid}`]))(
    'are macvtap devices over a device of the host, in each mode (needs veth and macvtap)',
    async () => {
      ip('link', 'add', LOWER, 'type', 'veth', 'peer', 'name', `vtq${process.pid}`);
      ip('link', 'set', LOWER, 'up');
      const address = read(LOWER, 'address');
      for (const mode of ['vepa', 'bridge', 'private', 'passthrough']) {
        await start(
          mode,
          `<interface type='direct'><mac address='52:54:00:00:00:07'/><source dev='${LOWER}' mode='${mode}'/>
           <model type='virtio'/><driver queues='2'/></interface>`,
        );
        const [name = ''] = await targets(mode);
        expect(read(name, 'address')).toBe('52:54:00:00:00:07');
        const details = execFileSync('ip', ['-d', 'link', 'show', name], {encoding: 'utf8'});
        expect(details).toContain(`macvtap mode ${mode === 'passthrough' ? 'passthru' : mode}`);
        await driver.hypervisor.domainDestroy(mode);
        expect(deviceExists(name)).toBe(false);
      }
      expect(read(LOWER, 'address')).toBe(address);
    },
  );

  test('of a network are on its bridge', async () => {
    const folder = driver.root.join('etc', 'networks');
    mkdirSync(folder, {recursive: true});
    const network = (name: string, body: string) =>
      writeFileSync(`${folder}/${name}.xml`, `<network><name>${name}</name>${body}</network>`);
    network('lan', `<forward mode='bridge'/><bridge name='${BRIDGE}'/><portgroup name='p' default='yes'/>`);
    network('nat', `<forward/><bridge name='${BRIDGE}'/><mtu size='1350'/>`);
    network('gone', "<bridge name='nosuchbridge'/>");
    const on = (name: string, more = '') => `<interface type='network'><source network='${name}'${more}/></interface>`;
    await start('a', `${on('lan')}${on('nat')}`);
    const [first = '', second = ''] = await targets('a');
    expect(ports()).toEqual([first, second].sort());
    expect(read(second, 'mtu')).toBe('1350');
    const xml = await driver.hypervisor.domainGetXml('a');
    expect(xml).toContain(`<source network='lan' bridge='${BRIDGE}'/>`);
    expect(xml).toContain(`<source network='nat' bridge='${BRIDGE}'/>`);
    expect(await driver.hypervisor.domainGetXml('a', {inactive: true})).toContain("<source network='lan'/>");
    for (const [name, message] of [
      ['gone', "there is no bridge 'nosuchbridge'"],
      ['lost', `there is no ${folder}/lost.xml and no /etc/libvirt/qemu/networks/lost.xml`],
    ] as const) {
      await define(name, on(name));
      await expect(driver.hypervisor.domainCreate(name)).rejects.toThrow(message);
    }
  });
});
