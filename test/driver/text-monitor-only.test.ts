import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {writeProgram} from '../emulators/fake-emulator.ts';
import {readRecordings, writeRecordedEmulator} from '../emulators/recorded-emulator.ts';
import {hasRecordings, recordingsFolder} from '../monitor/hmp/recordings.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

let harness: DriverHarness;
beforeEach(async () => {
  harness = await DriverHarness.open();
});
afterEach(() => harness.dispose());

/**
 * A domain whose emulator says of itself what QEMU 0.10.0 says, and is today's when it is started: nothing but its text
 * monitor on a pty is used. Today's names its ptys on the standard output.
 */
async function define(...edits: readonly (readonly [string, string])[]): Promise<void> {
  const program = harness.root.join('qemu-system-x86_64');
  await writeRecordedEmulator(`${program}.questions`, readRecordings(join(recordingsFolder, '0.10.0')));
  await writeProgram(
    program,
    [
      'case "$*" in',
      '*"-monitor pty"*) exec /usr/bin/qemu-system-x86_64 "$@" >&2;;',
      `*) exec '${program}.questions' "$@";;`,
      'esac',
    ].join('\n'),
  );
  await harness.define(
    'demo',
    ['<serial', `<emulator>${program}</emulator><memballoon model='none'/><serial`],
    ...edits,
  );
}

describe.skipIf(!hasQemu || !hasRecordings)(
  'a real text monitor alone (needs qemu-system-x86_64 and the corpus)',
  () => {
    test('is enough to start, pause, resume, reset and shut down a guest', async () => {
      await define();
      const {hypervisor} = harness;
      await hypervisor.domainCreate('demo');
      const console = await harness.console('demo');
      await console.see('> ');
      await hypervisor.domainSuspend('demo');
      await harness.until('demo', ({state}) => state.is === 'paused');
      await hypervisor.domainResume('demo');
      await harness.until('demo', ({state}) => state.is === 'running');
      await hypervisor.domainReset('demo');
      await console.see('> ', 2);
      console.type('hello\r');
      await console.see('hello');
      await hypervisor.domainShutdown('demo');
      expect((await harness.untilOff('demo')).state.reason).toBe('shutdown');
    });

    test('follows what a person does in the monitor', async () => {
      await define();
      const {hypervisor} = harness;
      await hypervisor.domainCreate('demo');
      await hypervisor.domainMonitorCommand('demo', 'stop', {format: 'hmp'});
      await harness.until('demo', ({state}) => state.is === 'paused');
    });

    test('changes a medium, and takes a picture', async () => {
      const iso = harness.root.join('x y.iso');
      await writeFile(iso, Buffer.alloc(2048 * 20));
      await define(
        ["<target dev='hda'", "<target dev='hda'"],
        [
          '<serial',
          "<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk><video><model type='cirrus'/></video><serial",
        ],
      );
      const {hypervisor} = harness;
      await hypervisor.domainCreate('demo');
      await hypervisor.domainChangeMedia('demo', 'hdc', {does: 'insert', source: iso});
      expect(await hypervisor.domainMonitorCommand('demo', 'info block', {format: 'hmp'})).toContain(iso);
      await hypervisor.domainChangeMedia('demo', 'hdc', {does: 'eject'});
      expect(await hypervisor.domainMonitorCommand('demo', 'info block', {format: 'hmp'})).not.toContain(iso);
      const picture = await hypervisor.domainScreenshot('demo');
      expect(picture.width).toBeGreaterThan(0);
      await hypervisor.domainSendKeys('demo', [['ctrl', 'alt', 'delete'], ['ret']]);
    });

    test('saves a guest in a file and lets it go on from there', async () => {
      await define();
      const {hypervisor, root} = harness;
      await hypervisor.domainCreate('demo');
      const before = await harness.console('demo');
      await before.see('> ');
      const file = root.join("it's saved");
      await hypervisor.domainSave('demo', file);
      expect((await harness.untilOff('demo')).state.reason).toBe('saved');
      await expect(hypervisor.domainSave('demo', file)).rejects.toThrow('it is shut off');
      expect((await readFile(file)).toString('latin1', 0, 16)).toBe('LibvirtQemudSave');
      expect(await hypervisor.domainRestore(file)).toEqual({name: 'demo'});
      await harness.until('demo', ({state}) => state.is === 'running');
      const after = await harness.console('demo');
      after.type('going on');
      await after.see('going on');
      expect(after.text).not.toContain('for help');
      await hypervisor.domainDestroy('demo');
      await hypervisor.domainRestore(file, {runs: false});
      await harness.until('demo', ({state}) => state.is === 'paused');
    });

    test('does not stop a guest that cannot be saved', async () => {
      await define();
      const {hypervisor, root} = harness;
      await hypervisor.domainCreate('demo');
      await expect(hypervisor.domainSave('demo', root.join('no', 'where'))).rejects.toThrow('there is no such file');
      expect((await hypervisor.domainLookup('demo')).state.is).toBe('running');
      await expect(hypervisor.domainRestore(root.join('demo.img'))).rejects.toThrow('it is no saved guest');
    });

    test('that belongs to another process is not disturbed; one that belongs to nobody answers', async () => {
      await define();
      await harness.hypervisor.domainCreate('demo');
      const reader = await harness.openReader();
      try {
        const asked = reader.domainMonitorCommand('demo', 'info status', {format: 'hmp'});
        await expect(asked).rejects.toMatchObject({code: 'RESOURCE_BUSY'});
      } finally {
        await reader.close();
      }
      await harness.reopen(async () => {
        const alone = await harness.openReader();
        const answer = alone.domainMonitorCommand('demo', 'info status', {format: 'hmp'});
        expect(await answer.finally(() => alone.close())).toBe('VM status: running\n');
      });
      expect((await harness.hypervisor.domainLookup('demo')).state.is).toBe('running');
    });
  },
);
