import {execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {keepGuestSnapshot, lookAtGuests, prepareGuestSnapshot} from '../../src/driver/emulators/guest-snapshot.ts';
import {type TempRoot, withTempRoot} from '../support/temp-root.ts';
import {VIRTTY} from './instance.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/virtty.cjs', import.meta.url));
/** More than a pipe holds. */
const GUESTS = '  <guest>kept</guest>\n\n'.repeat(20_000);

/** Keeps guests that no emulator has, so that it shows where the answer comes from. */
async function keep(root: TempRoot): Promise<void> {
  const place = {cacheDir: root.join('cache'), configuration: root.join('etc/qemu.conf'), program: PROGRAM};
  await prepareGuestSnapshot(place);
  const kvm = {usable: false, why: 'no'} as const;
  await keepGuestSnapshot(place, await lookAtGuests(place), {kvm, guestsXml: GUESTS});
}

test('capabilities that were printed before come whole, with a host that is read now', () =>
  withTempRoot(async root => {
    await keep(root);
    const text = execFileSync(VIRTTY, ['-c', root.uri, 'capabilities'], {
      encoding: 'utf8',
      maxBuffer: 4 * GUESTS.length,
    });
    expect(text).toMatch(/^<capabilities>\n\n {2}<host>\n[\s\S]*<\/host>\n\n {2}<guest>/);
    expect(text.endsWith(`${GUESTS}</capabilities>\n\n`)).toBe(true);
  }));

test('a reader that has had enough of them is no failure', () =>
  withTempRoot(async root => {
    await keep(root);
    const script = '{ "$0" -c "$1" capabilities; echo "status $?" >&2; } | head -1';
    const output = execFileSync('sh', ['-c', `{ ${script}; } 2>&1`, VIRTTY, root.uri], {encoding: 'utf8'});
    expect(output.split('\n').filter(Boolean).toSorted()).toEqual(['<capabilities>', 'status 0']);
  }));
