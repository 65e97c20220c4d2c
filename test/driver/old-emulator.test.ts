import {readFile, writeFile} from 'node:fs/promises';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {writeProgram} from '../emulators/fake-emulator.ts';
import {hasRecordings} from '../monitor/hmp/recordings.ts';
import {DriverHarness} from './driver-harness.ts';
import {writeOldEmulator} from './old-emulator/write-old-emulator.ts';

let harness: DriverHarness;
beforeEach(async () => {
  harness = await DriverHarness.open();
});
afterEach(() => harness.dispose());

/** A domain on an emulator of before QMP, with a disk, an empty CD-ROM and a serial line. */
async function define(version: string): Promise<void> {
  const {root, hypervisor} = harness;
  await writeOldEmulator(root.join('qemu'), version);
  await writeFile(root.join('hlt.img'), '');
  await hypervisor.domainDefineXml(`<domain type='qemu'>
  <name>old</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='i686' machine='pc'>hvm</type><boot dev='hd'/></os>
  <features><acpi/></features>
  <devices>
    <emulator>${root.join('qemu')}</emulator>
    <disk type='file' device='disk'><source file='${root.join('hlt.img')}'/><target dev='hda' bus='ide'/></disk>
    <disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk>
    <serial type='pty'><target port='0'/></serial>
    <memballoon model='none'/>
  </devices>
</domain>`);
}

/** What the emulator's monitor was sent. */
async function lines(): Promise<readonly string[]> {
  return (await readFile(harness.root.join('qemu.lines'), 'utf8')).trimEnd().split('\n');
}

test('xenner is refused by its name, and not run', async () => {
  const {root, hypervisor} = harness;
  const xenner = root.join('xenner');
  await writeProgram(xenner, `touch ${root.join('was-run')}; exit 1`);
  await hypervisor.domainDefineXml(`<domain type='xen'><name>para</name><memory unit='MiB'>64</memory>
    <os><type arch='x86_64' machine='xenner'>xen</type></os><devices><emulator>${xenner}</emulator></devices></domain>`);
  await expect(hypervisor.domainCreate('para')).rejects.toThrow(
    `cannot start domain 'para': '${xenner}' runs paravirtual guests for Xen, which this version does not start`,
  );
  await expect(readFile(root.join('was-run'))).rejects.toMatchObject({code: 'ENOENT'});
});

describe.skipIf(!hasRecordings)('an emulator of before QMP (skipped without the corpus)', () => {
  test.each(['0.8.2', '0.9.1', '0.10.0', '0.15.0'])(
    '%s is started, paused, resumed and ended',
    {timeout: 60_000},
    async version => {
      await define(version);
      const {hypervisor} = harness;
      await hypervisor.domainCreate('old');
      await harness.until('old', ({state}) => state.is === 'running');
      expect(await readFile(harness.root.join('qemu.started'), 'utf8')).toMatch(/^-S .*-monitor pty .*-serial pty/);
      await hypervisor.domainSuspend('old');
      await harness.until('old', ({state}) => state.is === 'paused' && state.reason === 'user');
      await hypervisor.domainResume('old');
      await harness.until('old', ({state}) => state.is === 'running' && state.reason === 'unpaused');
      await hypervisor.domainShutdown('old');
      await hypervisor.domainReset('old');
      expect((await lines()).filter(line => line !== 'info status')).toEqual([
        ...['cont', 'stop', 'cont', 'system_powerdown', 'system_reset'],
      ]);
      await hypervisor.domainDestroy('old');
      expect((await harness.untilOff('old')).state.reason).toBe('destroyed');
    },
  );

  test('keeps what its serial line says, and takes what is typed', async () => {
    await define('0.9.1');
    await harness.hypervisor.domainCreate('old');
    const console = await harness.console('old');
    await console.see('running');
    console.type('hello');
    await console.see('<hello>');
    await harness.hypervisor.domainSuspend('old');
    await harness.hypervisor.domainResume('old');
    await console.see('running', 2);
  });

  test.each(['0.9.1', '0.10.0'])('%s is found again by the next process', async version => {
    await define(version);
    await harness.hypervisor.domainCreate('old');
    await harness.hypervisor.domainSuspend('old');
    await harness.reopen();
    const found = await harness.hypervisor.domainLookup('old');
    expect(found.state).toEqual({is: 'paused', reason: 'user'});
    await harness.hypervisor.domainResume('old');
    await harness.until('old', ({state}) => state.is === 'running');
    const console = await harness.console('old');
    await console.see('running', 2);
  });

  test('that ends by itself is seen to', async () => {
    await define('0.9.1');
    await harness.hypervisor.domainCreate('old');
    process.kill((await harness.hypervisor.domainLookup('old')).pid ?? 0, 'SIGUSR2');
    expect((await harness.untilOff('old')).state.reason).toBe('shutdown');
  });

  test('answers what is typed into its monitor', async () => {
    await define('0.10.0');
    const {hypervisor} = harness;
    await hypervisor.domainCreate('old');
    const ask = (command: string, format: 'hmp' | 'qmp' = 'hmp') =>
      hypervisor.domainMonitorCommand('old', command, {format});
    expect(await ask('info version')).toBe('0.10.0\n');
    expect(await ask('info block')).toContain(`file=${harness.root.join('hlt.img')}`);
    expect(await ask('query-status', 'qmp')).toContain('"running":true');
    expect(await ask('nosuchcommand x')).toBe("unknown command: 'nosuchcommand'\n");
    await ask('stop');
    await harness.until('old', ({state}) => state.is === 'paused');
    await expect(ask('{"execute": "query-cpus-fast"}', 'qmp')).rejects.toThrow('it has a text monitor only');
  });

  test.each(['0.8.2', '0.9.1', '0.10.0', '0.15.0'])('%s gets another medium, and gives it back', async version => {
    await define(version);
    const {hypervisor, root} = harness;
    await writeFile(root.join('x.iso'), '');
    await hypervisor.domainCreate('old');
    await hypervisor.domainChangeMedia('old', 'hdc', {does: 'insert', source: root.join('x.iso')});
    expect(await hypervisor.domainGetXml('old')).toContain(`<source file='${root.join('x.iso')}'/>`);
    expect(await hypervisor.domainGetXml('old', {inactive: true})).not.toContain('x.iso');
    await hypervisor.domainChangeMedia('old', undefined, {does: 'eject'});
    expect(await hypervisor.domainGetXml('old')).not.toContain('x.iso');
    const drive = version === '0.8.2' ? 'cdrom' : 'ide1-cd0';
    const changes = (await lines()).filter(line => /^(change|eject)/.test(line));
    expect(changes).toEqual([`change ${drive} ${root.join('x.iso')}`, `eject ${drive}`]);
  });

  test('that opens no medium and says nothing is asked what is in its drive', async () => {
    await define('0.10.0');
    const {hypervisor, root} = harness;
    await hypervisor.domainCreate('old');
    await writeFile(root.join('x.iso'), '');
    await hypervisor.domainChangeMedia('old', 'hdc', {does: 'insert', source: root.join('x.iso')});
    const update = hypervisor.domainChangeMedia('old', 'hdc', {does: 'update', source: root.join('nosuch.iso')});
    await expect(update).rejects.toThrow('the drive is empty now, and the emulator does not say why');
    expect(await hypervisor.domainGetXml('old')).not.toContain('.iso');
  });

  test('that does not say where its monitor is fails with its words', async () => {
    await define('0.9.1');
    const program = harness.root.join('qemu');
    const text = await readFile(program, 'utf8');
    await writeFile(
      program,
      text.replace(/\) VIRTTY_CORPUS.*/, ') echo "qemu: could not open disk image x" >&2; exit 1;;'),
    );
    await expect(harness.hypervisor.domainCreate('old')).rejects.toMatchObject({
      detail: ['qemu: could not open disk image x'],
    });
    await vi.waitFor(async () => expect((await harness.hypervisor.domainLookup('old')).state.is).toBe('shut off'));
  });
});
