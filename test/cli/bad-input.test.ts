import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, writeFile} from 'node:fs/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {openDriver} from '../../src/driver/open.ts';
import {seededRandom} from '../model/validate/mutate-xml.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

const MIB = 1024 * 1024;

/** Far more than any of them takes, also on a machine that does other things. */
const IN_TIME_MS = 15_000;

function noise(bytes: number): Buffer {
  const random = seededRandom(1);
  return Buffer.from(Uint8Array.from({length: bytes}, () => random(256)));
}

const BOMB = Array.from({length: 9}, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');

/** Name, content, and what is said of it behind the name of the file. */
const BAD: readonly (readonly [what: string, content: string | Uint8Array, said: RegExp])[] = [
  [
    'nested deep',
    `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`,
    /:1:769: error: elements are nested deeper than 256 levels$/,
  ],
  ['an entity bomb', `<!DOCTYPE a [<!ENTITY l0 "l">${BOMB}]><a>&l9;</a>`, /:1:1: error: a DOCTYPE .* is not accepted/],
  ['an external entity', `<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>`, /:1:1: error: a DOCTYPE/],
  ['an unknown entity', '<a>&x;</a>', /:1:4: error: unknown entity '&x;'/],
  ['10 MB of noise', noise(10 * MIB), /': line 1, byte \d+: 0x[0-9A-F]{2} is no UTF-8 there/],
  ['10 MB of text', 'x y='.repeat(2.5 * MIB), /:1:1: error: this is no XML: it begins with 'x y=x y=x y=x y=x y='$/],
  ['10 MB of <', '<'.repeat(10 * MIB), /:1:1: error: the tag is not closed/],
  ['10 MB of elements', `<a>${'<b/>'.repeat(2.5 * MIB - 2)}</a>`, /: error: there are more than 200000 elements$/],
  ['10 MB of &', `<a>${'&'.repeat(10 * MIB - 10)}</a>`, /:1:4: error: '&' is not a reference/],
  [
    'a long name',
    `<domain type='qemu'><name>${'n'.repeat(9 * MIB)}</name></domain>`,
    /: error: the name 'n+\.\.\.' of the domain is too long/,
  ],
  ['too much', `<a>${' '.repeat(10 * MIB)}</a>`, /': it is longer than 10 MiB$/],
  ['nothing', '', /:1:1: error: there is no element in the text$/],
  ['JSON', '{"domain": {}}', /:1:1: error: this is no XML: it begins with '\{"domain": \{\}\}'$/],
  [
    'a program',
    Buffer.from('\x7fELF\x02\x01\x01\0\0\0', 'latin1'),
    /:1:1: error: this is no XML: it begins with bytes that are no text$/,
  ],
  ['an archive', Buffer.from([0x1f, 0x8b, 8, 0]), /': line 1, byte 2: 0x8B is no UTF-8 there/],
  ['another encoding', Buffer.from('<a>caf\xe9</a>', 'latin1'), /': line 1, byte 7: 0xE9 is no UTF-8 there/],
  ['a NUL', '<a>\n\0</a>', /:2:1: error: the character U\+0000 is not allowed in XML$/],
  [
    'an end that is missing',
    '<domain>\n<name>x',
    /:2:8: error: the text ends here, inside <name> of line 2: it is cut off$/,
  ],
];

describe('a bad input is told with its place, in bounded time, and never as a bug:', () => {
  let root: TempRoot;
  beforeEach(async () => {
    root = await makeTempRoot();
  });
  afterEach(() => root.remove());

  async function define(file: string, ...options: readonly string[]): Promise<readonly string[]> {
    const hypervisor = await openDriver({kind: 'embed', root: root.path}, {access: 'owner'});
    const cli = new CliHarness({hypervisor});
    expect(await cli.run('define', file, ...options)).toBe(1);
    if (cli.opened.length === 0) await hypervisor.close(); // else the command has closed it
    expect(cli.stdout.text).toBe('');
    expect(cli.stderr.text).not.toMatch(/internal error|\n +at /);
    return cli.stderr.text.split('\n').filter(line => line !== '');
  }

  test.each(BAD)('%s', {timeout: IN_TIME_MS}, async (_, content, said) => {
    const file = root.join('bad.xml');
    await writeFile(file, content);
    const lines = await define(file);
    expect(
      lines.find(line => said.test(line)),
      lines.slice(0, 5).join('\n'),
    ).toContain(file);
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(1000);
  });

  test('a directory, a device, a missing file', async () => {
    await mkdir(root.join('directory'));
    expect(await define(root.join('directory'))).toEqual([
      `error: cannot read '${root.join('directory')}': it is a directory`,
    ]);
    expect(await define('/dev/zero')).toEqual(["error: cannot read '/dev/zero': it is neither a file nor a pipe"]);
    expect(await define(root.join('none'))).toEqual([
      `error: cannot read '${root.join('none')}': there is no such file or directory`,
    ]);
  });

  test('a pipe that never ends', {timeout: IN_TIME_MS}, async () => {
    const pipe = root.join('pipe');
    execFileSync('mkfifo', [pipe]);
    // It ends when nobody reads any more.
    const flood = spawn('sh', ['-c', 'exec yes "<a>" > "$1"', 'sh', pipe], {stdio: 'ignore'});
    const ended = once(flood, 'exit');
    expect(await define(pipe)).toEqual([`error: cannot read '${pipe}': it is longer than 10 MiB`]);
    await ended;
  });

  test('a text in UTF-16 is read', async () => {
    const file = root.join('wide.xml');
    await writeFile(file, '\ufeff<domain>\n<name/></domain>', 'utf16le');
    expect(await define(file)).toContain(`${file}:2:1: error: the name of the domain is empty`);
  });
});
