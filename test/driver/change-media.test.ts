import {writeFile} from 'node:fs/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {parseQmpJson} from '../../src/monitor/qmp-json.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const DRIVE = "<disk type='file' device='cdrom'><source file='FILE'/><target dev='hdc' bus='ide'/><readonly/></disk>";

let harness: DriverHarness;
beforeEach(async () => {
  harness = await DriverHarness.open();
});
afterEach(() => harness.dispose());

async function define(): Promise<{readonly first: string; readonly second: string}> {
  const [first, second] = [harness.root.join('first.iso'), harness.root.join('second.iso')];
  for (const path of [first, second]) await writeFile(path, Buffer.alloc(2048 * 20));
  await harness.define('demo', ['<serial', `${DRIVE.replace('FILE', first)}<serial`]);
  return {first, second};
}

/** Files of the blocks that the emulator has open. */
async function openFiles(): Promise<readonly string[]> {
  const answer = await harness.hypervisor.domainMonitorCommand('demo', 'query-named-block-nodes', {format: 'qmp'});
  const {return: nodes} = parseQmpJson(answer) as unknown as {readonly return: readonly {readonly file: string}[]};
  return nodes.map(({file}) => file);
}

describe.skipIf(!hasQemu)('the medium of a drive (needs qemu-system-x86_64)', () => {
  test('is ejected, inserted and replaced while the guest runs; the definition stays', async () => {
    const {first, second} = await define();
    const {hypervisor} = harness;
    await hypervisor.domainCreate('demo');
    const change = hypervisor.domainChangeMedia.bind(hypervisor, 'demo');
    await expect(change('hdc', {does: 'insert', source: second})).rejects.toThrow('it has a medium already');
    await change('hdc', {does: 'eject'});
    expect(await openFiles()).not.toContain(first);
    await expect(change(undefined, {does: 'eject'})).rejects.toThrow('there is no medium in its drives');
    await change(undefined, {does: 'insert', source: second});
    expect(await openFiles()).toContain(second);
    await change(second, {does: 'update', source: first});
    expect(await openFiles()).not.toContain(second);
    expect(await hypervisor.domainGetXml('demo')).toContain(`<source file='${first}'/>`);
    await change('hdc', {does: 'update', source: second});
    expect(await hypervisor.domainGetXml('demo', {inactive: true})).toContain(`<source file='${first}'/>`);
  });

  test('that the emulator cannot open is no medium of the guest', async () => {
    await define();
    await harness.hypervisor.domainCreate('demo');
    const nosuch = harness.root.join('nosuch.iso');
    const update = harness.hypervisor.domainChangeMedia('demo', 'hdc', {does: 'update', source: nosuch});
    await expect(update).rejects.toThrow('No such file or directory');
    expect(await harness.hypervisor.domainGetXml('demo')).not.toContain(nosuch);
  });

  test('of a domain that is off, or of its next start, is one of the definition', async () => {
    const {second} = await define();
    const {hypervisor} = harness;
    await hypervisor.domainChangeMedia('demo', 'hdc', {does: 'update', source: second});
    expect(await hypervisor.domainGetXml('demo')).toContain(second);
    await hypervisor.domainCreate('demo');
    await hypervisor.domainChangeMedia('demo', 'hdc', {does: 'eject'}, {affects: ['live', 'config']});
    expect(await hypervisor.domainGetXml('demo')).not.toContain(second);
    expect(await hypervisor.domainGetXml('demo', {inactive: true})).not.toContain(second);
  });

  test('of a hard disk is none', async () => {
    await define();
    const change = harness.hypervisor.domainChangeMedia('demo', 'hda', {does: 'eject'});
    await expect(change).rejects.toMatchObject({
      message: "cannot change a medium of domain 'demo': 'hda' is no CD-ROM and no floppy",
      hint: 'its drives: hdc',
    });
  });
});
