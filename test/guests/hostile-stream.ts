/** Stands in every string that a terminal would keep: a title, the clipboard, a file's name. It is never to be seen. */
export const MARK = 'OWNED';

export interface HostilePiece {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a guest can print to make a terminal do more than show text, one kind of it each. */
export const HOSTILE_PIECES: readonly HostilePiece[] = [
  text('title and icon', `\x1b]0;${MARK}\x07\x1b]1;${MARK}\x1b\\\x1b]2;${MARK}\x07\x1b[22;0t\x1b[23;0t`),
  text('title in tmux and screen', `\x1bk${MARK}\x1b\\`),
  text('clipboard', '\x1b]52;c;T1dORUQ=\x07\x1b]52;p;?\x07'),
  text('link', `\x1b]8;id=1;http://${MARK}.example/\x1b\\link\x1b]8;;\x1b\\`),
  text(
    'notification, folder, prompt marks',
    `\x1b]9;${MARK}\x07\x1b]777;notify;${MARK};x\x07\x1b]7;file:///${MARK}\x07\x1b]133;A\x07`,
  ),
  text('iTerm2 file and image', `\x1b]1337;File=name=${MARK};inline=1:AAAA\x07\x1b]1337;SetMark\x07`),
  text('colours', '\x1b]4;1;#00ff00\x07\x1b]10;#ff0000\x07\x1b]11;#00ff00\x07\x1b]12;red\x07\x1b]104\x07\x1b]110\x07'),
  text(
    'mouse and focus',
    '\x1b[?9h\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1004h\x1b[?1005h\x1b[?1006h\x1b[?1015h\x1b[?1016h',
  ),
  text('paste, alternate screen', '\x1b[?2004h\x1b[?1049h\x1b[?47h\x1b[?1047h\x1b[?1048h'),
  text('keyboard protocols', '\x1b[>31u\x1b[=31;1u\x1b[>4;2m\x1b[?1h\x1b=\x1b[?67h\x1b[?2026h\x1b[?2031h'),
  text('size, margins, origin', '\x1b[8;10;10t\x1b[4;100;100t\x1b[?3h\x1b[?69h\x1b[5;10s\x1b[3;5r\x1b[?6h\x1b[?7l'),
  text('reset, alignment, printing', '\x1bc\x1b#8\x1b[!p\x1b[5i\x1b[4i\x1b[?5i\x1b[?4i\x1b[0i'),
  text('double size, status line, selective erase', '\x1b#3\x1b#4\x1b#6\x1b[2$~\x1b[1$}\x1b[?0J\x1b[?2K\x1b[1"q'),
  text('character sets', '\x1b(0lqqk\x1b)0\x0e\x1bn\x1bo\x1b%G\x1b%@\x1b N\x0f'),
  text(
    'macros, soft fonts, user keys',
    `\x1bP1;0;0!z414141\x1b\\\x1bP0;1|17/${MARK}\x1b\\\x1bP1;1;0{ @${MARK}\x1b\\\x1b[1*z`,
  ),
  text('sixel', '\x1bPq#0;2;0;0;0#0~~@@vv@@~~@@~~$-\x1b\\\x1b[?80h'),
  text('kitty graphics', `\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\\x1b_${MARK}\x1b\\`),
  text('PM and SOS', `\x1b^${MARK}\x1b\\\x1bX${MARK}\x1b\\`),
  text('passed through tmux and screen', `\x1bPtmux;\x1b\x1b]0;${MARK}\x07\x1b\\\x1bP\x1b]0;${MARK}\x07\x1b\\`),
  text(
    'C1 in UTF-8',
    `\u009d0;${MARK}\u009c\u009b?1000h\u0090q\u009c\u0098${MARK}\u009c\u009e${MARK}\u009c\u009f${MARK}\u009c`,
  ),
  text(
    'directions, joiners, invisible',
    'a\u202eb\u2066c\u200d\u200b\ufeff\u2028\u2029\u{e0041}\u{f0000}\ue000\ufff9z',
  ),
  text(
    'questions without an answer',
    '\x1b[>q\x1b]10;?\x07\x1b]11;?\x07\x1b]4;1;?\x07\x1bP+q544e\x1b\\\x1b[21t\x1b[18t\x1b[?u\x1b[x',
  ),
  text('bells and other controls', '\x07\x07\x05\x00\x01\x7f\x0b\x0c\x1a\x84\x85\x88'),
  text('a flood of accents', `a${'\u0301'.repeat(5000)}${'\u200d\ufe0f'.repeat(2000)}`),
  text('a megabyte without an end of line', 'x'.repeat(1024 * 1024)),
  text('numbers without end', `\x1b[${'9;'.repeat(5000)}m\x1b[99999999999A\x1b[${'1'.repeat(10_000)}X`),
  text('no end of a string', `\x1b]0;${MARK.repeat(10_000)}`),
  {
    name: 'C1 in 8 bits',
    bytes: Buffer.from('\x9d0;x\x9c\x9b?1000h\x90q\x9c\x98x\x9c\x9ex\x9c\x9fx\x9c\x9b6n', 'latin1'),
  },
  {name: 'broken UTF-8', bytes: Buffer.from('c080e080af80bffe9b8dff1b5bc39bf4908080eda080', 'hex')},
];

/** What a guest may ask, and what it is told. */
export const QUERIES: readonly (HostilePiece & {readonly answer: RegExp})[] = [
  {...text('cursor and status', '\x1b[5n\x1b[6n'), answer: /\x1b\[0n\x1b\[\d+;\d+R/},
  {...text('device attributes', '\x1b[c\x1b[>c'), answer: /\x1b\[\?[\d;]+c\x1b\[>[\d;]+c/},
  {...text('settings', '\x1bP$qm\x1b\\\x1bP$qr\x1b\\'), answer: /\x1bP1\$r[^\x1b]*m\x1b\\/},
  {...text('modes', '\x1b[?25$p\x1b[4$p'), answer: /\x1b\[\?25;\d\$y/},
];

function text(name: string, printed: string): HostilePiece {
  return {name, bytes: Buffer.from(printed)};
}
