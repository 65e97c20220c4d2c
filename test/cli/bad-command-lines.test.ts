import {randomBytes} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {OPTIONS} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

const QEMU = '/usr/bin/qemu -net none';

/** Runs `domxml-from-native` on a file with these bytes. */
async function convert(bytes: string | Uint8Array) {
  return withTempRoot(async root => {
    await writeFile(root.join('args'), bytes);
    const cli = new CliHarness();
    const status = await cli.run('domxml-from-native', 'qemu-argv', root.join('args'));
    return {status, out: cli.stdout.text, err: cli.stderr.text};
  });
}

const deep = (open: string, close: string) => `${open.repeat(10_000)}1${close.repeat(10_000)}`;

test.each<[string, string | Uint8Array, string]>([
  ['a quote without an end', `${QEMU} -name "a`, 'line 1, column 31: the quote " that begins here has no end'],
  ['an option without its value', `${QEMU} -m 5 -hda`, "line 1, column 30: the option '-hda' has no value"],
  ['no emulator', '-m 64', "line 1, column 1: expected the path of the emulator, found '-m'"],
  ['nothing', '', 'the command line names no emulator'],
  ['an XML', "<domain type='kvm'>\n</domain>", "line 1, column 1: expected the path of the emulator, found '<domain'"],
  ['a program', Buffer.from('\u007fELF\u0002\u0001\u0001\0\0\0 /bin/ls'), 'U+0002 cannot be in a domain XML'],
  ['a NUL byte', `${QEMU} -name a\0b`, 'the character U+0000 cannot be in a domain XML'],
  ['a NUL in JSON', `${QEMU} -device '{"driver":"a\\u0000"}'`, 'the character U+0000 cannot be in a domain XML'],
  ['half a character in JSON', `${QEMU} -device '{"driver":"\\ud83d"}'`, 'the character U+D83D cannot be'],
  ['bytes that are no UTF-8', Buffer.from('/usr/bin/qemu -name \xff', 'latin1'), 'line 1, byte 21: 0xFF is no UTF-8'],
  ['10 MB of garbage', randomBytes(10_000_000), 'is no UTF-8 there'],
  ['10 MB of text', 'ab cd'.repeat(2_000_000), 'the text is longer than 4 MiB'],
  ['11 MB', 'a'.repeat(11_000_000), 'it is longer than 10 MiB'],
  ['a million options', `${QEMU} ${'-S '.repeat(1_000_000)}`, 'there are more than 8192 words'],
  ['a name with a line end', `${QEMU} -name "a\nb"`, 'line 1, column 25: the name "a\\nb" of the domain contains'],
  ['a name that is a path', `${QEMU} -name ../a`, "line 1, column 25: the name '../a' of the domain contains '/'"],
  ['a key twice', `${QEMU} -device '{"driver":"a","driver":"b"}'`, "'driver' is there twice (at its character 15)"],
  ['JSON that ends too soon', `${QEMU} -device '{"driver":'`, 'a value is missing (at its character 11)'],
  ['deep objects', `${QEMU} -device '${deep('{"a":', '}')}'`, 'nested deeper than 32'],
  ['deep lists', `${QEMU} -device '{"a":${deep('[', ']')}}'`, 'nested deeper than 32'],
])('%s is an error with its place', {timeout: 20_000}, async (_, bytes, message) => {
  const before = performance.now();
  const {status, out, err} = await convert(bytes);
  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(/^error: cannot (convert|read) '/);
  expect(err).toContain(message);
  expect(err.length).toBeLessThan(10_000);
  expect(err).not.toMatch(/\n +at /);
  expect(performance.now() - before).toBeLessThan(10_000);
});

test('a file that is none is told with its path', async () => {
  for (const file of ['/nowhere/args', '/']) {
    const cli = new CliHarness();
    expect(await cli.run('domxml-from-native', 'qemu-argv', file)).toBe(1);
    expect(cli.stderr.text).toContain(`error: cannot read '${file}': `);
  }
});

test('a device without an end is not read to it', {timeout: 20_000}, async () => {
  const cli = new CliHarness();
  expect(await cli.run('domxml-from-native', 'qemu-argv', '/dev/zero')).toBe(1);
  expect(cli.stderr.text).toBe("error: cannot read '/dev/zero': it is neither a file nor a pipe\n");
});

test.each([
  [
    'names of prototypes',
    '-device __proto__,constructor=1,id=__proto__ -M __proto__ -cpu constructor,__proto__=1,+toString',
  ],
  ['a name like an option', '-name -m -m 64'],
  ['a value like an option', '-append --single -kernel /k'],
  ['an unknown option', '-x-new --another value'],
  ['text of every script', '-name ünïcödé-日本-😀'],
])('%s makes XML that is read back', async (_, options) => {
  const {status, out} = await convert(`${QEMU} ${options}`);
  expect(status).toBe(0);
  expect(parseDomain(out, OPTIONS).def).toBeDefined();
});
