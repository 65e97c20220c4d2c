import type {IFunctionIdentifier, Terminal} from '@xterm/headless';
import {type Disposable, DisposableStore} from '../../base/disposable.ts';

/** DECTCEM, the DEC private mode that shows the cursor. */
const SHOW_CURSOR = 25;

/** Follows whether the guest shows its cursor, which the emulator knows and does not tell. */
export class CursorVisibility implements Disposable {
  readonly #owned = new DisposableStore();
  #visible = true;

  constructor(terminal: Terminal) {
    const {parser} = terminal;
    // A handler that returns false lets the emulator's own run as well.
    const onCsi = (id: IFunctionIdentifier, next: (params: readonly (number | number[])[]) => boolean) =>
      this.#owned.add(
        parser.registerCsiHandler(id, params => {
          this.#visible = next(params);
          return false;
        }),
      );
    onCsi({prefix: '?', final: 'h'}, params => params.includes(SHOW_CURSOR) || this.#visible);
    onCsi({prefix: '?', final: 'l'}, params => !params.includes(SHOW_CURSOR) && this.#visible);
    onCsi({intermediates: '!', final: 'p'}, () => true);
    this.#owned.add(
      parser.registerEscHandler({final: 'c'}, () => {
        this.#visible = true;
        return false;
      }),
    );
  }

  get visible(): boolean {
    return this.#visible;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
