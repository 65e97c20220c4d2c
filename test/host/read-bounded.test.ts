import {execFileSync} from 'node:child_process';
import {createWriteStream} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {readBounded} from '../../src/host/read-bounded.ts';
import {withTempRoot} from '../support/temp-root.ts';

const BOUNDS = {maxBytes: 1024 * 1024, timeoutMs: 200};

test('reads a file, up to its limit', async () => {
  await withTempRoot(async root => {
    const path = root.join('a');
    await writeFile(path, Buffer.alloc(BOUNDS.maxBytes, 1));
    expect((await readBounded(path, BOUNDS)).length).toBe(BOUNDS.maxBytes);
    await writeFile(path, 'b', {flag: 'a'});
    await expect(readBounded(path, BOUNDS)).rejects.toThrow(`cannot read '${path}': it is longer than 1 MiB`);
  });
});

test('reads a file whose size is not known', async () => {
  expect(Buffer.from(await readBounded('/proc/self/cmdline', BOUNDS)).toString()).toContain('node');
});

test.each([
  ['/', 'it is a directory'],
  ['/dev/zero', 'it is neither a file nor a pipe'],
  ['/nowhere/at/all', 'there is no such file or directory'],
])('%s is refused', async (path, why) => {
  await expect(readBounded(path, BOUNDS)).rejects.toMatchObject({
    code: 'SYSTEM_ERROR',
    message: `cannot read '${path}': ${why}`,
  });
});

test('reads a pipe to its end, and waits neither for a writer nor for an end that never comes', async () => {
  await withTempRoot(async root => {
    const path = root.join('pipe');
    execFileSync('mkfifo', [path]);
    const silent = `cannot read '${path}': it is a pipe, and nothing came out of it for 0.2 seconds`;
    await expect(readBounded(path, BOUNDS)).rejects.toThrow(silent);

    const read = readBounded(path, BOUNDS);
    createWriteStream(path).end('all of it');
    expect(Buffer.from(await read).toString()).toBe('all of it');

    const mute = readBounded(path, BOUNDS);
    const writer = createWriteStream(path);
    await expect(mute).rejects.toThrow(silent);
    writer.destroy();

    const endless = readBounded(path, BOUNDS);
    const flood = createWriteStream(path).on('error', () => {}); // EPIPE: the reader has had enough
    flood.write(Buffer.alloc(2 * BOUNDS.maxBytes));
    await expect(endless).rejects.toThrow('it is longer than 1 MiB');
    flood.destroy();
  });
});
