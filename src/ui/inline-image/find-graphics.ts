import type {CellSize, FoundGraphics} from '../../app/graphics.ts';
import type {Environment} from '../theme.ts';

/** What a terminal has said about itself. */
export interface TerminalFacts {
  /** Of DA1; empty where it did not answer. */
  readonly attributes: readonly number[];
  /** Of XTVERSION; empty where it did not answer. */
  readonly version: string;
  readonly hasKitty: boolean;
  readonly cell: CellSize | undefined;
}

/** Sixel graphics. Source: xterm 397, ctlseqs, `CSI Ps c`. */
const SIXEL_ATTRIBUTE = 4;

/** The best way to draw images in a terminal that has said this. */
export function findGraphics(facts: TerminalFacts, env: Environment): FoundGraphics {
  const {cell} = facts;
  const hasSixel = facts.attributes.includes(SIXEL_ATTRIBUTE) && cell !== undefined;
  const multiplexer = multiplexerOf(env, facts.version);
  // tmux 3.4 and later draws sixels itself; what else it is given it does not put where its pane is.
  if (multiplexer !== undefined) return {protocol: hasSixel ? 'sixel' : 'blocks', cell, multiplexer};
  if (facts.hasKitty) return {protocol: 'kitty', cell};
  if (hasItermImages(env, facts.version)) return {protocol: 'iterm2', cell};
  return {protocol: hasSixel ? 'sixel' : 'blocks', cell};
}

/** What stands between this program and the terminal, by its own word or by the environment, which SSH passes on in part. */
export function multiplexerOf({TMUX, STY, TERM = ''}: Environment, version: string): string | undefined {
  if (TMUX || /^tmux/.test(TERM) || /^tmux/i.test(version)) return 'tmux';
  if (STY || /^screen/.test(TERM)) return 'screen';
  return undefined;
}

/** Terminals that print what they do not know, or that have no images for certain: they are not asked. */
export function isPlainTerminal({TERM = ''}: Environment): boolean {
  return TERM === '' || TERM === 'dumb' || /^(linux|vt\d|ansi|cons25)/.test(TERM);
}

/** iTerm2 sends LC_TERMINAL along over SSH, as most servers let it. */
function hasItermImages({TERM_PROGRAM = '', LC_TERMINAL}: Environment, version: string): boolean {
  return (
    /^(iTerm2|WezTerm|mintty)\b/.test(version) ||
    /^(iTerm\.app|WezTerm|mintty)$/.test(TERM_PROGRAM) ||
    LC_TERMINAL === 'iTerm2'
  );
}
