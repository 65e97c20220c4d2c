import {expect, test} from 'vitest';
import {corpusFolder, firstDifference, readCases} from './argv2xml-corpus.ts';

const folder = corpusFolder();

test.skipIf(folder === undefined)('argv2xml: gives libvirt XML for every command line of the corpus', () => {
  const cases = readCases(folder ?? '');
  const failed = cases.flatMap(each => {
    const difference = firstDifference(each);
    return difference === undefined ? [] : [`${each.name}: ${difference}`];
  });
  console.log(`argv2xml ${cases.length - failed.length}/${cases.length}`);
  expect(failed).toEqual([]);
});
