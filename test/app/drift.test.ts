import {expect, test} from 'vitest';
import {applyDrift} from '../../src/app/drift.ts';
import {applyEvent} from '../../src/app/session.ts';
import {sanitiseUntrusted} from '../../src/base/sanitise.ts';
import type {PartCheck} from '../../src/model/security-report.ts';
import {makeTheme} from '../../src/ui/theme.ts';
import {detailRows} from '../../src/views/detail/rows.ts';
import {domainRows} from '../../src/views/domains/rows.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {makeStore} from './make-store.ts';

const plain = makeTheme({NO_COLOR: '1', LANG: 'C'});
const check = (aspect: string): PartCheck => ({
  part: 'files',
  aspect,
  asked: 'qemu:kvm, read and write',
  observed: 'root:root 0600: its owner was changed',
  verdict: 'drift',
  remedies: ['chown 107:36 /a.img'],
});
const state = () => {
  const domains = [runningDomain('web', 1), runningDomain('db', 2)];
  const listed = {...makeStore(new FakeHypervisor({domains}), domains).get(), listed: true};
  return {...listed, view: {...listed.view, selected: 'web'}};
};
const DISK = check("disk 'hda' /a.img");
const look = (...checks: readonly PartCheck[]) => [
  {name: 'web', checks},
  {name: 'db', checks: []},
];

test('what begins to differ is told once, with what gives it back', () => {
  const once = applyDrift(state(), look(DISK));
  expect(once.messages.shown).toMatchObject([
    {
      level: 'warning',
      text: expect.stringContaining("'web' is not confined as asked: disk 'hda'"),
      hint: 'chown 107:36 /a.img',
    },
  ]);
  expect(applyDrift(once, look({...DISK}))).toBe(once);
  const more = applyDrift(once, look(DISK, check('control group')));
  expect(more.messages.shown.at(-1)?.text).toContain('control group');
});

test('when nothing differs any more that is told, and the rest is as before', () => {
  const again = applyDrift(applyDrift(state(), look(DISK)), look());
  expect(again.drift.size).toBe(0);
  expect(again.messages.shown.at(-1)).toMatchObject({level: 'info', text: "'web' is confined as asked again"});
  expect(applyDrift(again, look())).toBe(again);
});

test('the row has a sign and a word, the detail the first that differs and what to do', () => {
  const drifting = applyDrift(state(), look(DISK, check('control group')));
  const row = domainRows(drifting, {columns: 80, rows: 5}, plain).find(line => line.includes('web')) ?? '';
  expect(sanitiseUntrusted(row)).toMatch(/^! web .* running, differs/);
  const detail = detailRows(drifting, 100, plain).map(line => sanitiseUntrusted(line).trimEnd());
  expect(detail).toContain(" Differs   disk 'hda' /a.img: root:root 0600: its owner was changed (and 1 more)");
  expect(detail).toContain('           to give it back: chown 107:36 /a.img');
});

test('it is forgotten with the process', () => {
  const drifting = applyDrift(state(), look(DISK));
  const domain = {...runningDomain('web', 1), id: -1, state: {is: 'shut off', reason: 'destroyed'}} as const;
  expect(applyEvent(drifting, {type: 'changed', domain}).drift.size).toBe(0);
});
