import {displayWidth} from './text-width.ts';

/** What a piece of text means; how that looks is decided here only. */
export type Role = 'text' | 'strong' | 'muted' | 'accent' | 'danger' | 'warning' | 'ok' | 'selection' | 'bar' | 'key';

/** Signs and line drawing, one column each. */
export interface Glyphs {
  readonly running: string;
  readonly paused: string;
  readonly off: string;
  readonly dead: string;
  readonly stopping: string;
  readonly busy: string;
  readonly warning: string;
  readonly cursor: string;
  /** Top left, horizontal, top right, vertical, bottom left, bottom right. */
  readonly border: string;
  /** The same for the pane that has the focus. */
  readonly focusBorder: string;
  readonly ellipsis: string;
  readonly dot: string;
  readonly bars: string;
  /** Before a line of a tree with more behind it, and one that shows it. */
  readonly folded: string;
  readonly unfolded: string;
}

export interface Theme {
  readonly glyphs: Glyphs;
  readonly isUnicode: boolean;
  readonly colours: ColourDepth;
  /** For pictures, which have colours of their own: all that the terminal has. */
  readonly pictureColours: ColourDepth | 'rgb';
  /** Colours text that has no colour in it yet. */
  paint(role: Role, text: string): string;
  /** Whole lines as the terminal can show them: without UTF-8, `?` for each column of anything that is not ASCII. */
  finish(lines: string): string;
}

export type ColourDepth = 'none' | '16' | '256';

const NOT_ASCII = /[^\0-~]/gu;

type Styles = Readonly<Record<Role, readonly [string, string]>>;

const BOLD: readonly [string, string] = ['\x1b[1m', '\x1b[22m'];
const INVERSE: readonly [string, string] = ['\x1b[7m', '\x1b[27m'];
const PLAIN: readonly [string, string] = ['', ''];

/** The terminal's own palette, so that it fits the user's theme, dark or light. Source: ECMA-48, 8.3.117 (SGR). */
const STYLES_16: Styles = {
  text: PLAIN,
  strong: BOLD,
  muted: ['\x1b[90m', '\x1b[39m'],
  accent: ['\x1b[36m', '\x1b[39m'],
  danger: ['\x1b[1;31m', '\x1b[22;39m'],
  warning: ['\x1b[33m', '\x1b[39m'],
  ok: ['\x1b[32m', '\x1b[39m'],
  selection: INVERSE,
  bar: INVERSE,
  key: BOLD,
};

/** With 256 colours: a grey that can be read on black and on white, and a selection that leaves the colours readable. */
const STYLES_256: Styles = {
  ...STYLES_16,
  muted: ['\x1b[38;5;245m', '\x1b[39m'],
  accent: ['\x1b[38;5;38m', '\x1b[39m'],
  selection: ['\x1b[48;5;24m\x1b[38;5;231m', '\x1b[49m\x1b[39m'],
  bar: ['\x1b[48;5;236m\x1b[38;5;252m', '\x1b[49m\x1b[39m'],
};

/** NO_COLOR asks for no colours; weight and inverse stay. Source: no-color.org. */
const STYLES_NONE: Styles = {
  ...STYLES_16,
  muted: PLAIN,
  accent: PLAIN,
  danger: BOLD,
  warning: PLAIN,
  ok: PLAIN,
};

const UNICODE: Glyphs = {
  running: '●',
  paused: '◐',
  off: '○',
  dead: '✗',
  stopping: '◌',
  busy: '…',
  warning: '!',
  cursor: '▏',
  border: '┌─┐│└┘',
  focusBorder: '┏━┓┃┗┛',
  ellipsis: '…',
  dot: '·',
  bars: '▁▂▃▄▅▆▇█',
  folded: '▸',
  unfolded: '▾',
};

const ASCII: Glyphs = {
  running: '*',
  paused: '=',
  off: 'o',
  dead: 'x',
  stopping: '~',
  busy: '+',
  warning: '!',
  cursor: '_',
  border: '+-+|++',
  focusBorder: '+=+|++',
  ellipsis: '~',
  dot: '-',
  bars: '_.-=+*#@',
  folded: '+',
  unfolded: '-',
};

/** The environment variables that a terminal program looks at. */
export interface Environment {
  readonly LC_ALL?: string | undefined;
  readonly LC_CTYPE?: string | undefined;
  readonly LANG?: string | undefined;
  readonly TERM?: string | undefined;
  readonly COLORTERM?: string | undefined;
  readonly NO_COLOR?: string | undefined;
  readonly TERM_PROGRAM?: string | undefined;
  readonly LC_TERMINAL?: string | undefined;
  readonly TMUX?: string | undefined;
  readonly STY?: string | undefined;
  /** How pictures are drawn: as `:display` takes it. */
  readonly VIRTTY_GRAPHICS?: string | undefined;
}

/** The theme for a terminal, from its environment. */
export function makeTheme(env: Environment): Theme {
  const isUnicode = hasUtf8(env);
  const colours = colourDepth(env);
  const styles = {none: STYLES_NONE, '16': STYLES_16, '256': STYLES_256}[colours];
  return {
    glyphs: isUnicode ? UNICODE : ASCII,
    isUnicode,
    colours,
    pictureColours: colours !== 'none' && hasTrueColour(env) ? 'rgb' : colours,
    paint(role, text) {
      const [begin, end] = styles[role];
      return begin === '' || text === '' ? text : `${begin}${text}${end}`;
    },
    finish: lines => (isUnicode ? lines : lines.replace(NOT_ASCII, char => '?'.repeat(displayWidth(char)))),
  };
}

/** The locale's character set as the C library finds it: LC_ALL, then LC_CTYPE, then LANG. Source: locale(7). */
export function hasUtf8(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}

function hasTrueColour({TERM = '', COLORTERM = ''}: Environment): boolean {
  return /truecolor|24bit/.test(COLORTERM) || /direct|kitty|alacritty|ghostty/.test(TERM);
}

/** How many colours the terminal says it has. */
export function colourDepth(env: Environment): ColourDepth {
  const term = env.TERM ?? '';
  if (env.NO_COLOR || term === 'dumb' || /^vt\d|-m(ono)?$/.test(term)) return 'none';
  return /256|direct|kitty|alacritty|ghostty/.test(term) || /truecolor|24bit/.test(env.COLORTERM ?? '') ? '256' : '16';
}
