import {readdir, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {EmulatorCache} from '../../src/driver/emulators/emulator-cache.ts';
import {PPC_CAPS, X86_CAPS} from '../argv/sample-caps.ts';
import {withTempRoot} from '../support/temp-root.ts';

const FILE = {realPath: '/usr/bin/qemu-system-x86_64', sizeBytes: 100, mtimeMs: 1.5, ctimeMs: 2.25};

test('gives back what was stored, for the same file only', () =>
  withTempRoot(async root => {
    const cache = new EmulatorCache(root.join('cache'));
    expect(await cache.read(FILE)).toBeUndefined();
    await cache.write(FILE, X86_CAPS);
    await cache.write({...FILE, realPath: '/usr/bin/qemu/system-x86_64'}, PPC_CAPS);
    expect(await cache.read(FILE)).toEqual(X86_CAPS);
    expect(await cache.read({...FILE, realPath: '/usr/bin/qemu/system-x86_64'})).toEqual(PPC_CAPS);
  }));

test.each([
  ['size', {...FILE, sizeBytes: 101}],
  ['modification time', {...FILE, mtimeMs: 2}],
  ['change time', {...FILE, ctimeMs: 3}],
])('a file with another %s is asked again, and the old answer is removed', (_what, changed) =>
  withTempRoot(async root => {
    const cache = new EmulatorCache(root.path);
    await cache.write(FILE, X86_CAPS);
    expect(await cache.read(changed)).toBeUndefined();
    expect(await readdir(root.path)).toEqual([]);
  }),
);

test.each([
  ['', 'empty'],
  ['{"stamp":', 'cut off'],
  ['[]', 'no object'],
])('a stored answer that is %j is thrown away', text =>
  withTempRoot(async root => {
    const cache = new EmulatorCache(root.path);
    await cache.write(FILE, X86_CAPS);
    const [name = ''] = await readdir(root.path);
    await writeFile(root.join(name), text);
    expect(await cache.read(FILE)).toBeUndefined();
    expect(await readdir(root.path)).toEqual([]);
  }),
);
