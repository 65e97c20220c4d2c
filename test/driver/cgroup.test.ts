import {execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {changeDevices} from '../../src/driver/cgroup/own-group.ts';
import type {LiveStatus} from '../../src/driver/live-status.ts';
import type {CgroupConfinement} from '../../src/security/cgroup/cgroup-confinement.ts';
import type {DeviceRule} from '../../src/security/cgroup/device-rule.ts';
import {findCgroupSupport} from '../support/control-groups.ts';
import {hasMountedRoot} from '../support/surroundings.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const {whyNoDevices, whyNoPrograms} = await findCgroupSupport();
/** A node that every host has with the module, and no guest on its list. */
const LOOP = '/dev/loop0';
const LOOP_RULE: DeviceRule = {type: 'b', major: 7, minor: 0, access: 'rw'};
const isReady = hasQemu && existsSync(LOOP);
const needs = (what = 'root') => `(needs qemu-system-x86_64, ${LOOP}, ${what})`;

let driver: DriverHarness;
beforeEach(async () => {
  driver = await DriverHarness.open();
});
afterEach(() => driver.dispose());

async function cgroupOf(name: string): Promise<CgroupConfinement> {
  const {uuid} = await driver.hypervisor.domainLookup(name);
  const status: LiveStatus = JSON.parse(readFileSync(driver.root.join('run', uuid, 'status.json'), 'utf8'));
  if (!status.confinement?.cgroup) throw new Error(`${name} has no control group`);
  return status.confinement?.cgroup;
}

async function pathOf(name: string): Promise<string> {
  const cgroup = await cgroupOf(name);
  if (cgroup.kind === 'scope') throw new Error(`${name} is in a scope`);
  return cgroup.path;
}

async function plannedPath(name: string): Promise<string> {
  const {confinement} = await driver.hypervisor.domainStartPlan(name);
  const path = new Map(confinement).get('control group');
  if (path === undefined) throw new Error(`${name} would have no control group`);
  return path;
}

/** A device with some bytes in it. */
function writeDevice(text: string): string {
  const path = driver.root.join('medium');
  writeFileSync(path, text);
  return execFileSync('losetup', ['--find', '--show', path], {encoding: 'utf8'}).trim();
}

const checks = async (name: string) =>
  (await driver.hypervisor.domainSecurity(name)).checks.filter(({aspect}) => /^(control group|device)/.test(aspect));
const drift = async (name: string) =>
  (await checks(name)).flatMap(({aspect, observed, verdict}) => (verdict === 'drift' ? `${aspect}: ${observed}` : []));
const qmp = (name: string, execute: string, options: object) =>
  driver.hypervisor.domainMonitorCommand(name, JSON.stringify({execute, arguments: options}), {format: 'qmp'});
const open = (name: string) =>
  qmp(name, 'blockdev-add', {driver: 'host_device', 'node-name': 'x', filename: LOOP, 'read-only': true});

/** What a list is for: a node that is there and not on it does not open, until it is put there, and no longer after. */
async function expectHeldToList(name: string): Promise<void> {
  const cgroup = await cgroupOf(name);
  expect(await drift(name)).toEqual([]);
  expect((await checks(name)).map(({aspect}) => aspect)).toContain('device c 1:3 /dev/null');
  await expect(open(name)).rejects.toThrow('Operation not permitted');
  const more = [...cgroup.devices, LOOP_RULE];
  await changeDevices(cgroup, more);
  expect(await drift(name)).toEqual(['device b 7:0: rule added: rw']);
  expect(await open(name)).not.toContain('error');
  await qmp(name, 'blockdev-del', {'node-name': 'x'});
  await changeDevices({...cgroup, devices: more}, cgroup.devices);
  await expect(open(name)).rejects.toThrow('Operation not permitted');
  expect(await drift(name)).toEqual([]);
}

describe.skipIf(!isReady || whyNoDevices !== undefined)(`a guest and its devices ${needs(whyNoDevices)}`, () => {
  test('it opens what is on its list only, live changes included', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    const path = await pathOf('sector');
    const {pid} = await driver.hypervisor.domainLookup('sector');
    expect(readFileSync(`${path}/cgroup.procs`, 'utf8')).toBe(`${pid}\n`);
    await expectHeldToList('sector');
    await driver.hypervisor.domainDestroy('sector');
    expect(existsSync(path)).toBe(false);
    expect(existsSync(dirname(path))).toBe(false);
  });

  test('a disk that is a device is on its list, read-only where the disk is', async () => {
    const devices = `<devices><disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='${LOOP}'/>
      <target dev='vdb' bus='virtio'/><readonly/></disk>`;
    await driver.hypervisor.domainDefineXml(driver.xml('sector', ['<devices>', devices]));
    const plan = Object.fromEntries((await driver.hypervisor.domainStartPlan('sector')).confinement);
    expect(plan['device list']).toContain(`${LOOP} r`);
    expect(plan['device list']).not.toContain(`${LOOP} rw`);
    expect(plan['control group']).toContain('/virtty/embed/');
  });

  test('a medium that is a device is on its list as long as it is in the drive', async () => {
    const drive = "<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk>";
    await driver.define('sector', ['<devices>', `<devices>${drive}`]);
    await driver.hypervisor.domainCreate('sector');
    const nodes = async () => (await cgroupOf('sector')).devices.map(({node}) => node);
    const before = await nodes();
    const change = driver.hypervisor.domainChangeMedia.bind(driver.hypervisor, 'sector', 'hdc');
    const medium = writeDevice('x'.repeat(2048));
    try {
      await change({does: 'insert', source: medium});
      expect(await nodes()).toEqual([...before, medium]);
      expect((await checks('sector')).at(-1)).toMatchObject({asked: 'r', observed: 'r', verdict: 'ok'});
      await change({does: 'eject'});
      expect(await nodes()).toEqual(before);
      expect(await drift('sector')).toEqual([]);
      await expect(change({does: 'insert', source: `${medium}p77`})).rejects.toThrow();
      expect(await nodes()).toEqual(before);
    } finally {
      execFileSync('losetup', ['-d', medium]);
    }
  });

  test('moved out of its group, or its list changed, it is told as drift', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    const path = await pathOf('sector');
    writeFileSync(`${path}/devices.deny`, 'c 1:3 rw');
    expect(await drift('sector')).toEqual(['device c 1:3 /dev/null: rule missing']);
    const outside = dirname(dirname(dirname(dirname(path))));
    const {pid} = await driver.hypervisor.domainLookup('sector');
    writeFileSync(`${outside}/cgroup.procs`, `${pid}`);
    expect((await drift('sector'))[0]).toBe(`control group: moved out of its cgroup: ${outside}`);
  });

  test('the group goes with a guest that is killed, also while nobody looks', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    const path = await pathOf('sector');
    process.kill((await driver.hypervisor.domainLookup('sector')).pid ?? 0, 'SIGKILL');
    await driver.untilOff('sector');
    expect(existsSync(path)).toBe(false);
    await driver.hypervisor.domainCreate('sector');
    const {pid = 0} = await driver.hypervisor.domainLookup('sector');
    await driver.reopen(async () => {
      process.kill(pid, 'SIGKILL');
      while (existsSync(`/proc/${pid}`)) await new Promise(setImmediate);
      expect(existsSync(path)).toBe(true);
    });
    expect(existsSync(path)).toBe(false);
  });

  test('an emulator that refuses leaves no group', async () => {
    await driver.define('broken', ['</os>', '<kernel>/nowhere</kernel></os>']);
    const path = await plannedPath('broken');
    await expect(driver.hypervisor.domainCreate('broken')).rejects.toThrow('the emulator refused');
    expect(existsSync(path)).toBe(false);
  });

  test('a group with somebody in it is not taken, and not emptied', async () => {
    await driver.define('sector');
    const path = await plannedPath('sector');
    mkdirSync(path, {recursive: true});
    const other = spawn('sleep', ['60'], {stdio: 'ignore'});
    try {
      writeFileSync(`${path}/cgroup.procs`, `${other.pid}`);
      await expect(driver.hypervisor.domainCreate('sector')).rejects.toThrow(`processes are in it: ${other.pid}`);
      expect(readFileSync(`${path}/cgroup.procs`, 'utf8')).toBe(`${other.pid}\n`);
    } finally {
      const ended = new Promise(resolve => other.once('exit', resolve));
      other.kill();
      await ended;
    }
    await driver.hypervisor.domainCreate('sector');
    expect(await drift('sector')).toEqual([]);
  });

  test('a name that would be a path is one folder', async () => {
    await driver.define('x', ['<name>x</name>', '<name>a.b%2F..</name>']);
    await driver.hypervisor.domainCreate('a.b%2F..');
    expect(await pathOf('a.b%2F..')).toMatch(/\/virtty\/embed\/[0-9a-f]{12}\/a\.b%252F\.\.$/);
    expect(await drift('a.b%2F..')).toEqual([]);
  });

  test('explain names the device that a list refuses, and the command that lets it in', async () => {
    await driver.define('sector');
    const explained = async () => {
      const {findings} = await driver.hypervisor.domainExplain('sector');
      return findings.find(({path}) => path === '/dev/ptmx');
    };
    writeFileSync(driver.root.join('etc/qemu.conf'), 'cgroup_device_acl = ["/dev/null"]\n');
    expect(await explained()).toMatchObject({
      verdict: 'refused',
      remedies: [{command: 'cgroup_device_acl = [ "/dev/null", "/dev/ptmx" ]'}],
    });
    expect((await explained())?.why).toContain(
      `cgroup_device_acl in ${driver.root.join('etc/qemu.conf')} leaves it out`,
    );
    writeFileSync(driver.root.join('etc/qemu.conf'), '');
    await driver.hypervisor.domainCreate('sector');
    expect(await explained()).toMatchObject({verdict: 'ok'});
    const path = await pathOf('sector');
    writeFileSync(`${path}/devices.deny`, 'c 5:2 rw');
    expect((await explained())?.why).toBe(
      `/dev/ptmx (c 5:2 rw) is not on the device list of its control group, ${path}`,
    );
    const [remedy] = (await explained())?.remedies ?? [];
    const {failure, undo} = await driver.hypervisor.domainRemedy('sector', remedy?.command ?? '');
    expect([failure, undo]).toEqual([undefined, `echo 'c 5:2 rw' >${path}/devices.deny`]);
    expect(await explained()).toMatchObject({verdict: 'ok'});
    expect(await drift('sector')).toEqual([]);
  });

  test('qemu.conf says what every guest opens, and whether there is a list', async () => {
    const conf = driver.root.join('etc/qemu.conf');
    await driver.define('sector');
    writeFileSync(conf, `cgroup_device_acl = ["/dev/null", "/dev/ptmx", "/nowhere", "${LOOP}"]\n`);
    await driver.hypervisor.domainCreate('sector');
    const rules = (await cgroupOf('sector')).devices.map(({node}) => node);
    expect(rules).toEqual(['ptys', '/dev/null', '/dev/ptmx', LOOP]);
    await open('sector');
    await driver.hypervisor.domainDestroy('sector');
    writeFileSync(conf, 'cgroup_controllers = ["cpu", "memory"]\n');
    await driver.hypervisor.domainCreate('sector');
    expect(await checks('sector')).toMatchObject([
      {aspect: 'device list', asked: 'none', observed: 'what its user may open', verdict: 'note'},
    ]);
    await open('sector');
    await driver.hypervisor.domainDestroy('sector');
    writeFileSync(conf, 'cgroup_controllers = ["disks"]\n');
    await expect(driver.hypervisor.domainCreate('sector')).rejects.toThrow(
      "qemu.conf:1: 'cgroup_controllers' has to name",
    );
  });
});

const whyNotAlone = whyNoPrograms ?? (hasMountedRoot ? undefined : 'a root that is a mount');

describe.skipIf(!isReady || whyNotAlone !== undefined)(`on version 2 alone ${needs(whyNotAlone)}`, () => {
  /** Starts a guest where the tree of version 1 is not mounted: a mount namespace of the program's own. */
  async function startWithoutDevices(name: string): Promise<void> {
    const run = `import(${JSON.stringify(new URL('../../src/cli/main.ts', import.meta.url).href)}).then(({main}) => main(process.argv.slice(1)))`;
    const hide = `for point in $(sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \\([^ ]*\\) .* - cgroup [^ ]* .*devices.*/\\1/p' /proc/self/mountinfo); do umount -l "$point"; done; exec "$@"`;
    const program = [process.execPath, '-e', run, '--', '-c', driver.root.uri, 'start', name];
    await driver.reopen(() => {
      execFileSync('unshare', ['--mount', 'sh', '-c', hide, 'sh', ...program], {stdio: 'pipe'});
    });
  }

  test('a program of ours holds a guest to its list, live changes included, and goes with it', async () => {
    await driver.define('sector');
    await startWithoutDevices('sector');
    const cgroup = await cgroupOf('sector');
    expect(cgroup.kind).toBe('bpf');
    await expectHeldToList('sector');
    const path = await pathOf('sector');
    await driver.hypervisor.domainDestroy('sector');
    expect(existsSync(path)).toBe(false);
  });

  test('a guest that was moved into a group without a program is told as drift', async () => {
    await driver.define('sector');
    await startWithoutDevices('sector');
    const other = `${dirname(dirname(dirname(dirname(await pathOf('sector')))))}/virtty-test-${process.pid}`;
    mkdirSync(other);
    try {
      writeFileSync(`${other}/cgroup.procs`, `${(await driver.hypervisor.domainLookup('sector')).pid}`);
      expect(await drift('sector')).toEqual([
        `control group: moved out of its cgroup: ${other}`,
        'device list: every device',
      ]);
    } finally {
      await driver.hypervisor.domainDestroy('sector');
      rmdirSync(other);
    }
  });
});
