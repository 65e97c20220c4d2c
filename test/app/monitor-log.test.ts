import {expect, test} from 'vitest';
import {draftOf} from '../../src/app/line-draft.ts';
import {
  addEvent,
  addPast,
  beginCommand,
  completeDraft,
  EMPTY_MONITOR,
  endCommand,
  walkHistory,
} from '../../src/app/monitor-log.ts';

test('puts the commands of earlier runs before its own, once', () => {
  const own = endCommand(beginCommand(EMPTY_MONITOR, 'info kvm'), 'answer', '');
  const log = addPast(own, ['info cpus', 'info kvm']);
  expect(log.history).toEqual(['info cpus', 'info kvm']);
  expect(addPast(log, ['x'])).toBe(log);
  expect(walkHistory(log, -1).draft.text).toBe('info kvm');
});

test('completes a word that only one fits, and offers several', () => {
  const one = {...EMPTY_MONITOR, draft: draftOf('info stat')};
  expect(completeDraft(one, {head: 'info ', offers: ['status'], suffix: ' '}).draft).toEqual(draftOf('info status '));
  const several = completeDraft(
    {...one, draft: draftOf('info b')},
    {head: 'info ', offers: ['block', 'block-jobs'], suffix: ' '},
  );
  expect(several.draft.text).toBe('info block');
  expect(several.offers).toEqual(['block', 'block-jobs']);
  expect(completeDraft(several, {head: 'info ', offers: [], suffix: ' '})).toMatchObject({
    draft: several.draft,
    offers: [],
  });
});

test('completes before the cursor and keeps what stands behind it', () => {
  const log = {...EMPTY_MONITOR, draft: {text: 'ej ide0', cursor: 2}};
  expect(completeDraft(log, {head: '', offers: ['eject'], suffix: ' '}).draft).toEqual({
    text: 'eject  ide0',
    cursor: 6,
  });
});

test('shows an event with its time and without escape sequences', () => {
  expect(addEvent(EMPTY_MONITOR, 'STOP \x1b]0;x\x07', 1_700_000_000_123.4).lines).toEqual([
    {kind: 'event', text: expect.stringMatching(/^22:13:20\.123 STOP [^\x1b\x07]*$/)},
  ]);
});
