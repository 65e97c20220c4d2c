import {expect, test} from 'vitest';
import {describeGrant} from '../../src/driver/host-steps/describe-step.ts';
import {describeGiveBack, describeUndo} from '../../src/driver/host-steps/describe-undo.ts';
import type {HostStep} from '../../src/driver/host-steps/host-step.ts';

const RUN = {do: 'run', what: 'make it', command: {program: '/bin/ip', args: ['link', 'add']}} as const;
const HELPER = {program: '/h', args: [], what: 'it', socket: '/s', pidFile: '/run/a b', logPath: '/l'};

test.each<[HostStep, string]>([
  [{do: 'make-run-dir', path: "/r/it's", guestDir: '/g', owner: undefined}, `rm -rf '/r/it'\\''s'`],
  [{do: 'make-dir', path: '/m', owner: undefined}, 'rm -rf /m # only if this start has made it'],
  [{do: 'create-nvram', path: '/n', owner: undefined}, 'rm -f /n # only if this start has made it'],
  [{do: 'write-file', path: '/f', text: 'x', owner: undefined}, '# it goes with its directory'],
  [{do: 'create-file', path: '/c', owner: {uid: 1, gid: 1}}, 'rm -f /c'],
  [{do: 'write-take-backs', runDir: '/r', takeBacks: []}, '# the same, at once'],
  [{do: 'let-through', folders: ['/a'], guest: {uid: 1, gid: 1}}, '# nothing: they keep their mode'],
  [RUN, '# by what is done at the end'],
  [{...RUN, undo: {program: '/bin/ip', args: ['link', 'del', 'a;b']}}, "/bin/ip link del 'a;b'"],
  [{do: 'start-helper', helper: HELPER}, "# by what is done at the end: kill the process of '/run/a b'"],
])('the undo of %j', (step, undo) => {
  expect(describeUndo(step)).toBe(undo);
});

const GRANT = {
  path: '/a b',
  what: "disk 'vda'",
  kind: 'file',
  access: 'write',
  shared: false,
  owner: {uid: 7, gid: 8},
  restore: true,
} as const;
const LAST = '# by what is done at the end, when no other guest uses it';

test.each([
  [GRANT, {uid: 1, gid: 2}, "chown 7:8 '/a b'", `chown --from=7:8 1:2 '/a b' ${LAST}`],
  [
    {...GRANT, restoreOwner: {uid: 0, gid: 0}},
    {uid: 1, gid: 2},
    "chown 7:8 '/a b'",
    `chown --from=7:8 0:0 '/a b' ${LAST}`,
  ],
  [{...GRANT, restore: false}, {uid: 1, gid: 2}, "chown 7:8 '/a b'", '# it stays so'],
])('a file that is given is a command, and so is how it is given back', (grant, before, done, undone) => {
  expect(describeGrant(grant)).toBe(done);
  expect(describeGiveBack(grant, before)).toBe(undone);
});
