import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {domainNameOf, fileNameOf} from '../../src/model/domain-path.ts';

describe('the file name of a domain', () => {
  test.each([
    ['demo', 'demo'],
    ['web-1.example_com+a=b,c@d', 'web-1.example_com+a=b,c@d'],
    ['.', '%2E'],
    ['..', '%2E.'],
    ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
    ['/', '%2F'],
    ['-rf', '%2Drf'],
    ['.hidden', '%2Ehidden'],
    ['a b', 'a%20b'],
    ['100%', '100%25'],
    ["it's*(!)~", 'it%27s%2A%28%21%29%7E'],
    ['ü', '%C3%BC'],
    ['a\u0000b\n', 'a%00b%0A'],
  ])('%j is %s', (name, file) => {
    expect(fileNameOf(name)).toBe(file);
    expect(domainNameOf(file)).toBe(name);
  });

  test('is one harmless component, and no two names share one', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', minLength: 1, maxLength: 18}), name => {
        const file = fileNameOf(name);
        expect(file).toMatch(/^[A-Za-z0-9_+@=,%][A-Za-z0-9._+@=,%-]*$/);
        expect(domainNameOf(file)).toBe(name);
      }),
    );
  });

  test.each([
    ['an empty name', ''],
    ['half a character', '\ud800'],
    ['a long name', 'a'.repeat(224)],
    ['a name that becomes long', '/'.repeat(75)],
    ['an enormous name', 'a'.repeat(10_000_000)],
  ])('is refused for %s', (_, name) => {
    expect(() => fileNameOf(name)).toThrow(expect.objectContaining({code: 'INVALID_ARG', domain: 'DOMAIN'}));
  });

  test('may leave room for an ending', () => {
    expect(fileNameOf('a'.repeat(223))).toHaveLength(223);
  });
});

describe('a file that nobody named after a domain', () => {
  test.each(['', '.', '..', '.swp', '-x', 'a/b', 'a b', '%', '%2', '%2f', '%41', '%FF', 'ü', 'a\n'])(
    '%j is none',
    file => {
      expect(domainNameOf(file)).toBeUndefined();
    },
  );
});
