import {execFileSync} from 'node:child_process';
import {readdirSync, rmSync} from 'node:fs';
import {expect, test} from 'vitest';
import {withTempRoot} from '../support/temp-root.ts';
import {VIRTTY} from './instance.ts';

test('capabilities are the same from what was printed, from what is known, and from nothing', {timeout: 180_000}, () =>
  withTempRoot(async root => {
    const print = () =>
      execFileSync(VIRTTY, ['-c', `qemu:///embed?root=${root.path}`, 'capabilities'], {encoding: 'utf8'})
        // Memory that is free changes from one moment to the next.
        .replace(/<pages [^\n]*\n/g, '');
    const fresh = print();
    const kept = readdirSync(root.join('cache')).includes('printed');
    expect(print()).toBe(fresh);
    rmSync(root.join('cache', 'printed'), {recursive: true, force: true});
    expect(print()).toBe(fresh);
    // Where an emulator of this host fails it is asked again each time.
    if (kept) expect(readdirSync(root.join('cache', 'printed'))).toEqual(['guests.json']);
  }),
);
