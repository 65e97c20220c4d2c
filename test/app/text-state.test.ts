import {expect, test} from 'vitest';
import {draftOf, EMPTY_DRAFT, editLine, insertText} from '../../src/app/line-draft.ts';
import {
  addMessage,
  dismissMessage,
  infoMessage,
  NO_MESSAGES,
  warningMessage,
  withoutFading,
} from '../../src/app/messages.ts';
import {beginCommand, EMPTY_MONITOR, endCommand, walkHistory} from '../../src/app/monitor-log.ts';

test('text goes in at the cursor, characters beyond the BMP count as one', () => {
  const draft = insertText(editLine(insertText(EMPTY_DRAFT, 'a🚀b'), 'left'), 'x');
  expect(draft).toEqual({text: 'a🚀xb', cursor: 3});
  expect(editLine(editLine(draft, 'backspace'), 'backspace')).toEqual({text: 'ab', cursor: 1});
});

test.each([
  ['delete-word', 'info '],
  ['delete-to-start', ''],
  ['backspace', 'info statu'],
  ['delete', 'info status'],
] as const)('%s', (edit, text) => {
  expect(editLine(draftOf('info status'), edit).text).toBe(text);
});

test('the monitor remembers commands and walks them', () => {
  const log = endCommand(
    beginCommand(endCommand(beginCommand(EMPTY_MONITOR, 'a'), 'answer', 'x\r\ny\r\n'), 'b'),
    'error',
    'no',
  );
  expect(log.lines.map(line => `${line.kind} ${line.text}`)).toEqual([
    'command a',
    'answer x',
    'answer y',
    'command b',
    'error no',
  ]);
  const older = walkHistory(walkHistory(log, -1), -1);
  expect(older.draft.text).toBe('a');
  expect(walkHistory(walkHistory(older, 1), 1).draft.text).toBe('');
});

test('an info goes with the next key, a warning when it is dismissed', () => {
  const both = addMessage(addMessage(NO_MESSAGES, warningMessage('careful')), infoMessage('done'));
  expect(withoutFading(both).shown.map(message => message.text)).toEqual(['careful']);
  expect(dismissMessage(withoutFading(both)).shown).toEqual([]);
});

test('the same words are said once', () => {
  expect(addMessage(addMessage(NO_MESSAGES, warningMessage('x')), warningMessage('x')).shown).toHaveLength(1);
});
