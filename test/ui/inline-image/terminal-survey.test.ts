import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {TerminalSurvey} from '../../../src/ui/inline-image/terminal-survey.ts';
import {type InputMode, InputRouter} from '../../../src/ui/input-router.ts';
import {systemFrameClock} from '../../../src/ui/terminal/frame-limit.ts';
import {readReply} from '../../../src/ui/terminal-reply.ts';
import type {Environment} from '../../../src/ui/theme.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const XTERM: Environment = {TERM: 'xterm-256color', LANG: 'C.UTF-8'};
const CELLS = '\x1b[6;20;10t\x1b[4;480;800t';

/** A survey behind the router that reads its terminal; what comes through as keys and to a guest is kept. */
function survey(env: Environment = XTERM, mode: InputMode = {is: 'keys'}) {
  const asked: string[] = [];
  const keys: string[] = [];
  let guest = '';
  const it = new TerminalSurvey({
    write: text => asked.push(text),
    env,
    clock: systemFrameClock,
    size: () => ({columns: 80, rows: 24}),
  });
  const router = new InputRouter({
    mode: () => mode,
    key: name => keys.push(name),
    paste: () => {},
    raw: bytes => {
      guest += Buffer.from(bytes).toString('latin1');
    },
    passive: () => {},
    replies: it,
  });
  const answer = (text: string) => router.feed(Buffer.from(text, 'latin1'));
  return {it, asked, keys, guest: () => guest, router, answer, found: it.ask()};
}

describe('what the terminal says', () => {
  test.each<[string, Environment, string, string, object]>([
    ['kitty', XTERM, '\x1bP>|kitty(0.32.2)\x1b\\', '\x1b_Gi=118;OK\x1b\\', {protocol: 'kitty'}],
    ['foot, with sixels alone', XTERM, '', '', {protocol: 'sixel'}],
    [
      'a terminal that knows the question but not the protocol',
      XTERM,
      '',
      '\x1b_Gi=118;ENOTSUP\x1b\\',
      {protocol: 'sixel'},
    ],
    ['WezTerm', XTERM, '\x1bP>|WezTerm 20240203\x1b\\', '', {protocol: 'iterm2'}],
    ['iTerm2 over SSH', {...XTERM, LC_TERMINAL: 'iTerm2'}, '', '', {protocol: 'iterm2'}],
  ])('%s', async (_, env, version, kitty, expected) => {
    const {answer, found, asked, keys, it} = survey(env);
    answer(`${version}${CELLS}\x1b[?62;4;22c`);
    expect(asked).toHaveLength(2);
    expect(it.isExpecting).toBe(true);
    answer(`${kitty}\x1b[?62;4;22c`);
    expect(await found).toMatchObject({...expected, cell: {width: 10, height: 20}});
    expect(it.isExpecting).toBe(false);
    expect(keys).toEqual([]);
  });

  test.each<[string, Environment, string, object]>([
    ['tmux 3.3', {...XTERM, TMUX: '/tmp/tmux-0/default,1,0'}, '\x1b[?1;2c', {protocol: 'blocks', multiplexer: 'tmux'}],
    [
      'tmux 3.4 at the other end',
      XTERM,
      `\x1bP>|tmux 3.4\x1b\\${CELLS}\x1b[?1;2;4c`,
      {protocol: 'sixel', multiplexer: 'tmux'},
    ],
    [
      'GNU screen',
      {TERM: 'screen.xterm-256color', LC_TERMINAL: 'iTerm2'},
      '\x1b[?1;2c',
      {protocol: 'blocks', multiplexer: 'screen'},
    ],
  ])('%s is not asked for the protocol of kitty', async (_, env, answers, expected) => {
    const {answer, found, asked} = survey(env);
    answer(answers);
    expect(await found).toMatchObject(expected);
    expect(asked.join('')).not.toContain('\x1b_G');
  });

  test('sixels without the size of a cell are not used', async () => {
    const {answer, found} = survey();
    answer('\x1b[?62;4c');
    answer('\x1b[?62;4c');
    expect(await found).toEqual({protocol: 'blocks', cell: undefined});
  });

  test('the size of a cell follows from that of all cells', async () => {
    const {answer, found} = survey();
    answer('\x1b[4;480;800t\x1b[?62;4c');
    answer('\x1b[?62;4c');
    expect(await found).toEqual({protocol: 'sixel', cell: {width: 10, height: 20}});
  });

  test.each(['dumb', 'linux', 'vt100'])('TERM=%s is asked nothing', async TERM => {
    const {found, asked} = survey({TERM});
    expect(await found).toMatchObject({protocol: 'blocks'});
    expect(asked).toEqual([]);
  });
});

describe('a terminal that says nothing, or late', () => {
  test('after three seconds blocks are drawn, and what comes then is no key either', async () => {
    const {found, answer, keys, it} = survey();
    await vi.advanceTimersByTimeAsync(3000);
    expect(await found).toEqual({protocol: 'blocks', cell: undefined});
    answer(`\x1bP>|kitty(0.32.2)\x1b\\${CELLS}\x1b[?62c`);
    answer('\x1b_Gi=118;OK\x1b\\\x1b[?62c');
    expect(keys).toEqual([]);
    expect(it.isExpecting).toBe(false);
  });

  test('at the end what is owed is waited for, and nothing more is asked', async () => {
    const {it, answer, asked} = survey();
    let isQuiet = false;
    void it.drain(300).then(() => {
      isQuiet = true;
    });
    await vi.advanceTimersByTimeAsync(200);
    expect(isQuiet).toBe(false);
    answer('\x1b[?62c');
    await vi.advanceTimersByTimeAsync(0);
    expect([isQuiet, asked.length]).toEqual([true, 1]);
  });

  test('ten seconds later the keyboard is read as ever', async () => {
    const {it} = survey();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(it.isExpecting).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('keys meanwhile', () => {
  const ANSWERS = `\x1bP>|kitty(0.32.2)\x1b\\${CELLS}\x1b[?62;4c`;

  test('are the same keys, however answers and keys are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: 1, max: ANSWERS.length + 6})), cuts => {
        const {answer, keys} = survey();
        const input = `j\x1b[A${ANSWERS}\x1b[5~k`;
        const places = [0, ...cuts.toSorted((a, b) => a - b), input.length];
        for (const [at, place] of places.entries()) answer(input.slice(place, places[at + 1] ?? input.length));
        expect(keys).toEqual(['j', 'up', 'pgup', 'k']);
      }),
    );
  });

  test('the guest gets what was typed and nothing of the answers', () => {
    const {answer, guest} = survey(XTERM, {is: 'raw', leaveByte: 0x1d});
    answer(`ls\x1b[A${ANSWERS}\x1bOBpwd`);
    expect(guest()).toBe('ls\x1b[A\x1bOBpwd');
  });

  test('a lone ESC is Escape a little later, an answer that pauses is waited for', () => {
    const {answer, keys, router} = survey();
    answer('\x1b');
    expect(router.patienceMs).toBe(150);
    router.flush();
    expect(keys).toEqual(['esc']);
    answer('\x1bP>|kit');
    expect(router.patienceMs).toBe(3000);
    answer('ty\x1b\\');
    expect(keys).toEqual(['esc']);
  });
});

test('anything else is no reply', () => {
  for (const text of ['a', '\x1b[A', '\x1b[?25h', '\x1b_x', '\x1bPq', '\x1b[6~', `\x1bP>|${'x'.repeat(300)}`])
    expect(readReply(Buffer.from(text))).toBeUndefined();
});
