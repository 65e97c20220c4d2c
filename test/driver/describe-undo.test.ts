import {expect, test} from 'vitest';
import {describeUndo} from '../../src/driver/host-steps/describe-undo.ts';
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
