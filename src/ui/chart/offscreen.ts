import {PassThrough, Writable} from 'node:stream';
import type {Disposable} from '../../base/disposable.ts';
import {type BlessedLibrary, loadBlessedLibrary, methodOf} from './blessed-library.ts';
import type {ChartSize, ChartSpec} from './chart-spec.ts';
import {widgetCall} from './widget-call.ts';

/** An input that nobody types into, and that looks like a terminal. */
class QuietInput extends PassThrough {
  readonly isTTY = true;
  readonly isRaw = false;

  setRawMode(): this {
    return this;
  }
}

/** An output of a given size that keeps nothing. */
class DiscardingOutput extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;

  constructor(size: ChartSize) {
    super();
    this.columns = size.columns;
    this.rows = size.rows;
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

/** A screen in memory that blessed-contrib's widgets are drawn on; nothing of it touches the real terminal. */
export class Offscreen implements Disposable {
  readonly #library: BlessedLibrary;
  readonly #screen: object;
  readonly #input = new QuietInput();
  readonly #size: ChartSize;

  /** Loads the libraries when it is the first. */
  constructor(size: ChartSize, library: BlessedLibrary = loadBlessedLibrary()) {
    this.#library = library;
    this.#size = size;
    this.#screen = library.createScreen({
      input: this.#input,
      output: new DiscardingOutput(size),
      terminal: 'xterm-256color',
      fullUnicode: false,
      smartCSR: false,
    });
  }

  /**
   * Draws one chart.
   *
   * @returns one text per row with SGR sequences and no others
   */
  draw(spec: ChartSpec): readonly string[] {
    const {columns: width, rows: height} = this.#size;
    const call = widgetCall(spec, this.#size);
    const place = {screen: this.#screen, top: 0, left: 0, width, height};
    const widget = this.#library.createWidget(call.widget, {...place, ...call.options});
    methodOf(this.#screen, 'append')(widget);
    methodOf(widget, 'setData')(...call.data);
    methodOf(this.#screen, 'render')();
    const text = String(methodOf(this.#screen, 'screenshot')());
    methodOf(this.#screen, 'remove')(widget);
    methodOf(widget, 'destroy')();
    return text.split('\n').slice(0, height).map(onlySgr);
  }

  dispose(): void {
    methodOf(this.#screen, 'destroy')();
    this.#input.destroy();
  }
}

/**
 * Spells out the reset that blessed writes as `ESC [ m`, and drops what is neither SGR nor text. The black of the
 * legend's border, which is fixed in the widget and invisible on a dark terminal, becomes grey.
 */
function onlySgr(row: string): string {
  return row
    .replaceAll('\x1b[m', '\x1b[0m')
    .replaceAll('\x1b[30m', '\x1b[90m')
    .replace(/\x1b\[[\d;]*m|\p{Cc}/gu, match => (match.length > 1 ? match : ''));
}
