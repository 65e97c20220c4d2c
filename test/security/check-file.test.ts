import {expect, test} from 'vitest';
import {checkFile, type SeenFile, type UsedFile} from '../../src/security/check-file.ts';
import {checkOpenDevices} from '../../src/security/check-open-devices.ts';

const NAMES = {user: (uid: number) => (uid === 0 ? 'root' : String(uid)), group: String};
const ACTOR = {uid: 107, gid: 64055, groups: [36], hasCapabilities: false};
const CONTEXT = {actor: ACTOR, names: NAMES, domain: 'web'};
const DISK: UsedFile = {
  path: '/images/a disk',
  what: "disk 'vda'",
  access: 'write',
  given: {dev: '1', ino: '2', owner: {uid: 107, gid: 64055}},
};
const there = (changes: Partial<Extract<SeenFile, {is: 'there'}>> = {}): SeenFile => ({
  is: 'there',
  dev: '1',
  ino: '2',
  uid: 107,
  gid: 64055,
  mode: 0o600,
  ...changes,
});
const {given: _given, ...ROM} = {...DISK, access: 'read'} as const;

test('a file as it was given is as asked, with owner and mode', () => {
  expect(checkFile(DISK, there(), CONTEXT)).toEqual({
    aspect: "disk 'vda' /images/a disk",
    asked: '107:64055, read and write',
    observed: '107:64055 0600',
    verdict: 'ok',
  });
});

test.each([
  ['another owner', DISK, there({uid: 0, gid: 0}), 'its owner was changed', "chown 107:64055 '/images/a disk'"],
  ['another group', DISK, there({gid: 0}), 'its owner was changed', "chown 107:64055 '/images/a disk'"],
  ['a mode without a right', DISK, there({mode: 0o400}), 'does not let its owner in', "chmod u+rw '/images/a disk'"],
  [
    'another label',
    {...DISK, given: {dev: '1', ino: '2', label: 'u:r:svirt_image_t:s0:c1,c2'}},
    there({label: 'u:r:virt_image_t:s0'}),
    'its label was changed',
    "chcon u:r:svirt_image_t:s0:c1,c2 '/images/a disk'",
  ],
] as const)('%s is drift, and what gives it back is named', (_, file, seen, why, remedy) => {
  const check = checkFile(file, seen, CONTEXT);
  expect([check.verdict, check.remedies]).toEqual(['drift', [remedy]]);
  expect(check.observed).toContain(why);
});

test('another file in the place of one that was given is drift, one that is gone too', () => {
  expect(checkFile(DISK, there({ino: '3'}), CONTEXT)).toMatchObject({verdict: 'drift', remedies: []});
  expect(checkFile(DISK, {is: 'missing'}, CONTEXT).verdict).toBe('drift');
  expect(checkFile(ROM, {is: 'missing'}, CONTEXT).verdict).toBe('note');
});

test('a mode that alone does not let the guest in may be one with a list of access control: explain tells', () => {
  const seen = there({uid: 0, gid: 0, mode: 0o640});
  expect(checkFile(ROM, seen, CONTEXT)).toMatchObject({verdict: 'note', remedies: ['virtty explain web']});
  expect(checkFile(ROM, there({uid: 0, gid: 36, mode: 0o640}), CONTEXT).verdict).toBe('ok');
  expect(checkFile(ROM, seen, {...CONTEXT, actor: {...ACTOR, hasCapabilities: true}}).verdict).toBe('ok');
});

test('a file system that keeps no owners of its own is not held against the guest', () => {
  const file = {...DISK, given: {dev: '1', ino: '2', owner: {uid: 107, gid: 64055}, mayDiffer: true}};
  expect(checkFile(file, there({uid: 0, gid: 0, mode: 0o777}), CONTEXT).verdict).toBe('note');
});

test('what cannot be looked at is unknown', () => {
  expect(checkFile(DISK, {is: 'hidden'}, CONTEXT).verdict).toBe('unknown');
  expect(checkFile(DISK, {is: 'silent'}, CONTEXT).verdict).toBe('unknown');
});

test('an open device is of the list, of the definition, or a surprise', () => {
  const device = (minor: number, path: string) => ({type: 'c', major: 1, minor, path}) as const;
  const rule = {type: 'c', major: 1, minor: 3, access: 'rw'} as const;
  const pty = {type: 'c', major: 136, minor: 4, path: '/dev/pts/4'} as const;
  const open = [device(3, '/dev/null'), device(3, '/dev/null'), pty, device(7, '/dev/full')];
  const list = [rule, {type: 'c', major: 136, minor: '*', access: 'rw'} as const];
  expect(checkOpenDevices(open, {list, known: []}).map(({observed, verdict}) => [observed, verdict])).toEqual([
    ['open 2 times', 'ok'],
    ['open', 'ok'],
    ['open', 'drift'],
  ]);
  expect(checkOpenDevices(open, {known: [rule]}).map(({verdict}) => verdict)).toEqual(['ok', 'drift', 'drift']);
  expect(checkOpenDevices(undefined, {known: []})).toMatchObject([{verdict: 'unknown'}]);
});
