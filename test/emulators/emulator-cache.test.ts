import {readdir, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {EmulatorCache} from '../../src/driver/emulators/emulator-cache.ts';
import {PPC_CAPS, X86_CAPS} from '../argv/sample-caps.ts';
import {withTempRoot} from '../support/temp-root.ts';

const PATH = '/usr/bin/qemu-system-x86_64';

test('gives back what was stored, for the same program only', () =>
  withTempRoot(async root => {
    const cache = new EmulatorCache(root.join('cache'));
    expect(cache.read(PATH, 'v1')).toBeUndefined();
    await cache.write(PATH, 'v1', X86_CAPS, 1000);
    await cache.write('/usr/bin/qemu/system-x86_64', 'v1', PPC_CAPS, 2000);
    expect(cache.read(PATH, 'v1')).toEqual({caps: X86_CAPS, learnt: {sinceMs: 1000}});
    expect(cache.read('/usr/bin/qemu/system-x86_64', 'v1')?.caps).toEqual(PPC_CAPS);
    expect(cache.read(PATH, 'v2')).toBeUndefined();
  }));

test('keeps what changed when a program has been replaced, until it changes again', () =>
  withTempRoot(async root => {
    const cache = new EmulatorCache(root.path);
    await cache.write(PATH, 'v1', X86_CAPS, 1000);
    const newer = {...X86_CAPS, version: '8.0.0', devices: new Set([...X86_CAPS.devices, 'virtio-sound-pci'])};
    const learnt = {
      sinceMs: 2000,
      changes: expect.objectContaining({
        beforeMs: 1000,
        beforeVersion: X86_CAPS.version,
        devices: {added: ['virtio-sound-pci'], removed: []},
      }),
    };
    expect((await cache.write(PATH, 'v2', newer, 2000)).learnt).toEqual(learnt);
    expect(cache.read(PATH, 'v2')).toEqual({caps: newer, learnt});
    expect((await cache.write(PATH, 'v3', newer, 3000)).learnt).toEqual(learnt);
    expect((await cache.write(PATH, 'v4', X86_CAPS, 4000)).learnt.changes?.beforeVersion).toBe('8.0.0');
  }));

test.each([
  ['', 'empty'],
  ['{"stamp":', 'cut off'],
  ['[]', 'no object'],
  ['{"stamp": "v1", "value": {"sinceMs": 1}}', 'of another format'],
])('a stored answer that is %j is thrown away', text =>
  withTempRoot(async root => {
    const cache = new EmulatorCache(root.path);
    await cache.write(PATH, 'v1', X86_CAPS, 1000);
    const [name = ''] = await readdir(root.path);
    await writeFile(root.join(name), text);
    expect(cache.read(PATH, 'v1')).toBeUndefined();
    await expect.poll(() => readdir(root.path)).toEqual([]);
    expect((await cache.write(PATH, 'v1', X86_CAPS, 2000)).learnt).toEqual({sinceMs: 2000});
  }),
);
