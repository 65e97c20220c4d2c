import {describe, expect, test, vi} from 'vitest';
import {Expectation} from '../../src/cli/console/expectation.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

function makeGuest() {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1), sampleDomain({name: 'off'})]});
  return {hypervisor, console: hypervisor.addConsole('web'), cli: new CliHarness({hypervisor})};
}

describe('console --expect', () => {
  test('types the lines and prints what comes until the expression matches', async () => {
    const {console, cli} = makeGuest();
    console.echo = false;
    console.output('# old done 1\r\n# ');
    const ended = cli.run('console', 'web', '--exec', 'make\\necho done $?', '--expect', 'done \\d');
    await vi.waitFor(() => expect(console.typed).not.toBe(''));
    console.output('make\r\n\x1b[32mbuilding\x1b[0m\r\n# echo done $?\r\ndone 0');
    expect(await ended).toBe(0);
    expect(console.typed).toBe('make\recho done $?\r');
    expect(cli.stdout.text).toContain('building\n# echo done $?\ndone 0\n');
    expect(cli.stdout.text).not.toContain('old');
    expect(cli.stdin.raw).toBe(false);
  });

  test('ends with 1 and what was seen last when it does not come in time', async () => {
    const {console, cli} = makeGuest();
    const ended = cli.run('console', 'web', '--expect', 'login:', '--timeout', '5');
    console.output('Booting\r\nKernel panic');
    await cli.stdout.shows('Booting\n');
    expect(await cli.elapse()).toBe(5000);
    expect(await ended).toBe(1);
    expect(cli.stdout.text).toBe('Booting\nKernel panic\n');
    expect(cli.stderr.text).toContain(
      "error: the console of 'web': /login:/m did not come within 5 s; seen last: 'Kernel panic'\n",
    );
  });

  test('without lines to type, what was printed before counts', async () => {
    const {console, cli} = makeGuest();
    console.output('web login: ');
    expect(await cli.run('console', 'web', '--expect', 'login: $')).toBe(0);
    expect(console.typed).toBe('');
  });

  test('fails when the guest goes off, and for one that is off', async () => {
    const {hypervisor, console, cli} = makeGuest();
    const ended = cli.run('console', 'web', '--exec', 'poweroff', '--expect', 'never');
    await vi.waitFor(() => expect(console.typed).toBe('poweroff\r'));
    hypervisor.addConsole('off');
    const other = new CliHarness({hypervisor});
    expect(await other.run('console', 'off', '--expect', 'x')).toBe(1);
    expect(other.stderr.text).toContain("cannot use the console of 'off': the domain is not running");
    hypervisor.change('web', {state: {is: 'shut off', reason: 'shutdown'}});
    expect(await ended).toBe(1);
    expect(cli.stderr.text).toContain('the domain went off before /never/m came');
  });

  test.each([
    [['--exec', 'ls'], 'option --exec needs --expect'],
    [['--timeout', '3'], 'option --timeout needs --expect'],
    [['--expect', '('], "option --expect: '(' is no regular expression"],
    [['--expect', 'x', '--escape', '^x'], 'do not go together'],
  ])('refuses %j', async (options, message) => {
    const {cli} = makeGuest();
    expect(await cli.run('console', 'web', ...options)).toBe(2);
    expect(cli.stderr.text).toContain(message);
  });
});

describe('an expectation', () => {
  const met = (pattern: RegExp, typed: readonly string[], ...parts: readonly string[]) => {
    const expectation = new Expectation(pattern, typed);
    return parts.map(part => {
      expectation.take(Buffer.from(part));
      return expectation.isMet;
    });
  };

  test('is not met by the echo of what was typed, also while that comes', () => {
    expect(met(/ok/, ['echo ok'], '# ec', 'ho ok', '\r\n', 'ok\r\n')).toEqual([false, false, false, true]);
  });

  test('is met by the same line when it comes again', () => {
    expect(met(/^ok$/m, ['ok'], 'ok\r\n', 'ok')).toEqual([false, true]);
  });

  test('is met across pieces, by several lines, and by half a character put together', () => {
    expect(met(/a\nb$/, [], 'a\r', '\nb')).toEqual([false, true]);
    const expectation = new Expectation(/\u00fc/, []);
    expectation.take(Uint8Array.of(0xc3));
    expect(expectation.isMet).toBe(false);
    expectation.take(Uint8Array.of(0xbc));
    expect(expectation.isMet).toBe(true);
  });
});
