import {describe, expect, test} from 'vitest';
import {OutputWatch} from '../../src/ui/terminal/output-watch.ts';
import {readKernelLine} from '../../src/views/console/kernel-line.ts';
import {type SilenceFacts, silenceSentences} from '../../src/views/console/silence.ts';

const SILENT: SilenceFacts = {
  output: {bytes: 0, loginSeen: false},
  silentMs: 12_000,
  kernelLine: {is: 'unknown'},
  isLive: true,
  alias: 'serial1',
  keys: {newline: 'l', leave: 'Ctrl-]', isTyping: false},
};
const said = (change: Partial<SilenceFacts>) => silenceSentences({...SILENT, ...change}).join('\n');

describe('what is said of a console on which nothing is to be seen', () => {
  test('how long it has been silent, how much came, and the key that sends a newline', () => {
    expect(said({})).toBe(
      [
        'Nothing has come from the guest for 12s, not one byte since it was started.',
        'No login prompt was seen.',
        'l sends a newline: a getty that waits answers.',
      ].join('\n'),
    );
    expect(said({output: {bytes: 7, loginSeen: true}, silentMs: 3_600_000})).toMatch(
      /for 1h; 7 bytes since it was started[\s\S]*A login prompt was seen/,
    );
    expect(said({keys: {...SILENT.keys, isTyping: true}})).toContain('Enter sends a newline');
  });

  test.each([
    [{is: 'given', console: 'ttyS1'}, 'Its kernel line names console=ttyS1.'],
    [{is: 'given', console: undefined}, '(<cmdline>) names no console'],
    [{is: "guest's own"}, 'Its own boot loader gives the kernel line: console=ttyS1 there'],
  ] as const)('what the definition says of the kernel line: %j', (kernelLine, sentence) => {
    expect(said({kernelLine})).toContain(sentence);
  });

  test('what the kernel itself said goes before the definition', () => {
    const text = said({
      output: {bytes: 9, loginSeen: false, kernelConsole: 'hvc0'},
      kernelLine: {is: 'given', console: undefined},
    });
    expect(text).toContain('started with console=hvc0');
    expect(text).not.toContain('names no console');
  });

  test('of a guest that is off nothing is asked', () => {
    expect(said({isLive: false})).toBe('The guest is off and has printed nothing here.');
  });
});

describe("the watch over a guest's output", () => {
  const watched = (...parts: readonly string[]) => {
    const watch = new OutputWatch();
    for (const [at, part] of parts.entries()) watch.take(Buffer.from(part), at);
    return watch.facts;
  };

  test('finds the console of a kernel line that came in two pieces, the last of several', () => {
    expect(watched('Command line: root=/dev/vda cons', 'ole=tty0 console=ttyS0,115200 quiet')).toMatchObject({
      kernelConsole: 'ttyS0',
      lastMs: 1,
    });
  });

  test('knows a login prompt from the greeting after one', () => {
    expect(watched('\r\nguest login: ').loginSeen).toBe(true);
    expect(watched('Last login: Tue Nov 24 on ttyS0').loginSeen).toBe(false);
  });

  test('begins anew with a boot', () => {
    const watch = new OutputWatch();
    watch.take(Buffer.from('x login: '), undefined);
    expect(watch.facts).toEqual({bytes: 9, loginSeen: true});
    watch.reset();
    expect(watch.facts).toEqual({bytes: 0, loginSeen: false});
  });
});

test.each([
  ['<os><kernel>/k</kernel><cmdline>console=tty0 console=ttyS0 quiet</cmdline></os>', {is: 'given', console: 'ttyS0'}],
  ['<os><kernel>/k</kernel><cmdline>quiet noconsole=x</cmdline></os>', {is: 'given', console: undefined}],
  ['<os><boot dev="hd"/></os>', {is: "guest's own"}],
  ['<os', {is: 'unknown'}],
] as const)('the kernel line is read from %s', async (xml, line) => {
  const hypervisor = {domainGetXml: async () => `<domain>${xml}</domain>`};
  expect(await readKernelLine(hypervisor, 'web')).toEqual(line);
});
