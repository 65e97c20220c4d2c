import {closestTo} from '../base/closest.ts';
import {VirtError} from '../base/virt-error.ts';

/** A key of a guest's keyboard: QEMU's name of it (QKeyCode), or QEMU's number. */
export type GuestKey = string | number;

/** Keys that are pressed together, in this order, and let go in the opposite one. */
export type KeyChord = readonly GuestKey[];

/** As libvirt allows. Source: libvirt 9.0.0, include/libvirt/libvirt-domain.h, VIR_DOMAIN_SEND_KEY_MAX_KEYS. */
export const MAX_CHORD_KEYS = 16;

/** How keys are named on the command line: Linux's input events, or QEMU's numbers. */
export const CODESETS = ['linux', 'qnum'] as const;
export type Codeset = (typeof CODESETS)[number];

/**
 * Number in Linux, name in Linux without `KEY_`, name in QEMU.
 * Sources: Linux, include/uapi/linux/input-event-codes.h; QEMU 7.2, qapi/ui.json, QKeyCode.
 */
const KEYS = readTable(`
1 ESC esc, 2 1 1, 3 2 2, 4 3 3, 5 4 4, 6 5 5, 7 6 6, 8 7 7, 9 8 8, 10 9 9, 11 0 0, 12 MINUS minus, 13 EQUAL equal,
14 BACKSPACE backspace, 15 TAB tab, 16 Q q, 17 W w, 18 E e, 19 R r, 20 T t, 21 Y y, 22 U u, 23 I i, 24 O o, 25 P p,
26 LEFTBRACE bracket_left, 27 RIGHTBRACE bracket_right, 28 ENTER ret, 29 LEFTCTRL ctrl, 30 A a, 31 S s, 32 D d, 33 F f,
34 G g, 35 H h, 36 J j, 37 K k, 38 L l, 39 SEMICOLON semicolon, 40 APOSTROPHE apostrophe, 41 GRAVE grave_accent,
42 LEFTSHIFT shift, 43 BACKSLASH backslash, 44 Z z, 45 X x, 46 C c, 47 V v, 48 B b, 49 N n, 50 M m, 51 COMMA comma,
52 DOT dot, 53 SLASH slash, 54 RIGHTSHIFT shift_r, 55 KPASTERISK kp_multiply, 56 LEFTALT alt, 57 SPACE spc,
58 CAPSLOCK caps_lock, 59 F1 f1, 60 F2 f2, 61 F3 f3, 62 F4 f4, 63 F5 f5, 64 F6 f6, 65 F7 f7, 66 F8 f8, 67 F9 f9,
68 F10 f10, 69 NUMLOCK num_lock, 70 SCROLLLOCK scroll_lock, 71 KP7 kp_7, 72 KP8 kp_8, 73 KP9 kp_9,
74 KPMINUS kp_subtract, 75 KP4 kp_4, 76 KP5 kp_5, 77 KP6 kp_6, 78 KPPLUS kp_add, 79 KP1 kp_1, 80 KP2 kp_2, 81 KP3 kp_3,
82 KP0 kp_0, 83 KPDOT kp_decimal, 86 102ND less, 87 F11 f11, 88 F12 f12, 89 RO ro, 91 HIRAGANA hiragana,
92 HENKAN henkan, 93 KATAKANAHIRAGANA katakanahiragana, 94 MUHENKAN muhenkan, 96 KPENTER kp_enter, 97 RIGHTCTRL ctrl_r,
98 KPSLASH kp_divide, 99 SYSRQ sysrq, 100 RIGHTALT alt_r, 101 LINEFEED lf, 102 HOME home, 103 UP up, 104 PAGEUP pgup,
105 LEFT left, 106 RIGHT right, 107 END end, 108 DOWN down, 109 PAGEDOWN pgdn, 110 INSERT insert, 111 DELETE delete,
113 MUTE audiomute, 114 VOLUMEDOWN volumedown, 115 VOLUMEUP volumeup, 116 POWER power, 117 KPEQUAL kp_equals,
119 PAUSE pause, 121 KPCOMMA kp_comma, 122 HANGEUL lang1, 123 HANJA lang2, 124 YEN yen, 125 LEFTMETA meta_l,
126 RIGHTMETA meta_r, 127 COMPOSE compose, 128 STOP stop, 129 AGAIN again, 130 PROPS props, 131 UNDO undo,
132 FRONT front, 133 COPY copy, 134 OPEN open, 135 PASTE paste, 136 FIND find, 137 CUT cut, 138 HELP help, 139 MENU menu,
140 CALC calculator, 142 SLEEP sleep, 143 WAKEUP wake, 155 MAIL mail, 156 BOOKMARKS ac_bookmarks,
157 COMPUTER computer, 158 BACK ac_back, 159 FORWARD ac_forward, 163 NEXTSONG audionext, 164 PLAYPAUSE audioplay,
165 PREVIOUSSONG audioprev, 166 STOPCD audiostop, 172 HOMEPAGE ac_home, 173 REFRESH ac_refresh, 210 PRINT print,
226 MEDIA mediaselect
`);

interface KeyRow {
  readonly code: number;
  readonly name: string;
  readonly qcode: string;
}

function readTable(text: string): readonly KeyRow[] {
  return text.split(',').map(row => {
    const [code = '', name = '', qcode = ''] = row.trim().split(' ');
    return {code: Number(code), name: `KEY_${name}`, qcode};
  });
}

/**
 * Reads a key as a person names it: `KEY_LEFTCTRL` or its number, QEMU's `ctrl`, or with the codeset `qnum` a number.
 * Numbers may be hexadecimal (`0x1d`).
 *
 * @throws {VirtError} INVALID_ARG for a key that is not known, with the nearest name
 */
export function parseKey(word: string, codeset: Codeset): GuestKey {
  const isNumber = /^(?:[0-9]{1,5}|0x[0-9a-f]{1,4})$/i.test(word);
  const number = Number(word);
  if (codeset === 'qnum') {
    if (isNumber && number > 0 && number < 256) return number;
    throw badKey(word, 'qnum takes numbers from 1 to 255');
  }
  const found = KEYS.find(({code, name, qcode}) =>
    isNumber ? code === number : qcode === word || name === word.toUpperCase(),
  );
  if (found) return found.qcode;
  const names = KEYS.flatMap(({name, qcode}) => [name, qcode]);
  const close = closestTo(word, names);
  throw badKey(
    word,
    close === undefined ? 'keys are named as in KEY_LEFTCTRL, or as in ctrl' : `did you mean ${close}?`,
  );
}

function badKey(word: string, hint: string): VirtError {
  return new VirtError('INVALID_ARG', 'QEMU', `invalid keycode: '${word}'`, {hint});
}

/** Keys of a terminal that are no characters. */
const TERMINAL_KEYS: Readonly<Record<string, KeyChord>> = {
  enter: ['ret'],
  esc: ['esc'],
  tab: ['tab'],
  'shift-tab': ['shift', 'tab'],
  backspace: ['backspace'],
  up: ['up'],
  down: ['down'],
  left: ['left'],
  right: ['right'],
  home: ['home'],
  end: ['end'],
  pgup: ['pgup'],
  pgdn: ['pgdn'],
  delete: ['delete'],
  insert: ['insert'],
  ...Object.fromEntries(Array.from({length: 12}, (_, at) => [`f${at + 1}`, [`f${at + 1}`]])),
};

/**
 * The keys that do on a guest's keyboard of US layout what a key of the terminal does.
 *
 * @param name  a character, or a word such as `enter`, `up`, `ctrl-c`
 * @returns undefined for a key that such a keyboard does not have, or that a terminal does not tell
 */
export function chordOfTerminalKey(name: string): KeyChord | undefined {
  if (Object.hasOwn(TERMINAL_KEYS, name)) return TERMINAL_KEYS[name];
  if (/^ctrl-.$/.test(name)) {
    const chord = chordOf(name.slice(5));
    return chord && ['ctrl', ...chord];
  }
  return [...name].length === 1 ? chordOf(name) : undefined;
}

/** Characters that a US keyboard has, each pair without and with shift. */
const US_PAIRS: Readonly<Record<string, string>> = {
  minus: '-_',
  equal: '=+',
  bracket_left: '[{',
  bracket_right: ']}',
  semicolon: ';:',
  apostrophe: '\'"',
  grave_accent: '`~',
  backslash: '\\|',
  comma: ',<',
  dot: '.>',
  slash: '/?',
  ...Object.fromEntries([...')!@#$%^&*('].map((shifted, digit) => [String(digit), `${digit}${shifted}`])),
};

const US_OTHERS: Readonly<Record<string, string>> = {' ': 'spc', '\n': 'ret', '\t': 'tab'};

/**
 * The keys that type a text on a keyboard with US layout; a line feed is Enter.
 *
 * @throws {VirtError} INVALID_ARG for a character that such a keyboard does not have
 */
export function chordsOfText(text: string): readonly KeyChord[] {
  return [...text].map((character, at) => {
    const chord = chordOf(character);
    if (chord) return chord;
    const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    throw new VirtError('INVALID_ARG', 'QEMU', `cannot type character ${at + 1} of the text, U+${code}`, {
      hint: 'a keyboard with US layout has no such key: type ASCII only',
    });
  });
}

function chordOf(character: string): KeyChord | undefined {
  if (/^[a-z]$/.test(character)) return [character];
  if (/^[A-Z]$/.test(character)) return ['shift', character.toLowerCase()];
  const other = Object.hasOwn(US_OTHERS, character) ? US_OTHERS[character] : undefined;
  if (other !== undefined) return [other];
  const found = Object.entries(US_PAIRS).find(([, pair]) => pair.includes(character));
  if (!found) return undefined;
  const [key, pair] = found;
  return pair.startsWith(character) ? [key] : ['shift', key];
}
