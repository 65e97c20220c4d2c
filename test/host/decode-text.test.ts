import {expect, test} from 'vitest';
import {decodeText} from '../../src/host/decode-text.ts';

const XML = '<name>café 語 🚀</name>';

function utf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

test.each([
  ['UTF-8', Buffer.from(XML)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${XML}`)],
  ['UTF-16 with a mark', utf16(`\ufeff${XML}`, false)],
  ['UTF-16 the other way round', utf16(`\ufeff${XML}`, true)],
  ['UTF-16 without a mark', utf16(XML, true)],
])('%s is read', (_, bytes) => expect(decodeText(bytes)).toEqual({text: XML}));

test('the encoding that the declaration names counts', () => {
  const text = "<?xml version='1.0' encoding='ISO-8859-1'?><name>café</name>";
  expect(decodeText(Buffer.from(text, 'latin1'))).toEqual({text});
  const declared = '<?xml version="1.0" encoding="UTF-16"?><a/>';
  expect(decodeText(utf16(`\ufeff${declared}`, false))).toEqual({text: declared});
});

test.each([
  [Buffer.from('<a>\n<b>caf\xe9</b>', 'latin1'), 'line 2, byte 7: 0xE9 is no UTF-8 there: this is no text'],
  [Buffer.from("<?xml encoding='UTF-16' ?><a/>"), "it says that it is in 'UTF-16', and it is not"],
  [
    Buffer.from("<?xml version='1.0' encoding='klingon'?><a/>"),
    "the encoding 'klingon' is not read here: write the text in UTF-8",
  ],
  [Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), "the encoding 'utf-32' is not read here: write the text in UTF-8"],
  [Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x3c, 0]), "it is not in 'utf-16le', as it says"],
])('%j is no text', (bytes, why) => expect(decodeText(bytes)).toEqual({why}));
