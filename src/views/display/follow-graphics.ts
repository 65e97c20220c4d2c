import type {AppState} from '../../app/app-state.ts';
import {type FoundGraphics, GRAPHICS_CHOICES, graphicsHindrance, parseGraphicsChoice} from '../../app/graphics.ts';
import {say} from '../../app/jobs.ts';
import {noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {type Disposable, DisposableStore} from '../../base/disposable.ts';
import type {TerminalSurvey} from '../../ui/inline-image/terminal-survey.ts';
import type {Environment} from '../../ui/theme.ts';

export interface GraphicsOptions {
  readonly store: Store<AppState>;
  readonly survey: Pick<TerminalSurvey, 'ask'>;
  readonly env: Environment;
  /** Without colours images are drawn only where that was asked for. */
  readonly hasColours: boolean;
  /** Tells when the terminal has another size. */
  readonly onResize: (listener: () => void) => Disposable;
}

/** Follows how pictures are to be drawn: takes the choice of the environment, and asks the terminal once the first is looked at. */
export function followGraphics(options: GraphicsOptions): Disposable {
  const {store, survey, env, hasColours} = options;
  takeChoice(store, env, hasColours);
  let asked: 'no' | 'now' | 'yes' = 'no';
  const follow = () => {
    const {view, graphics} = store.get();
    if (asked !== 'no' || graphics.choice === 'blocks' || !view.modals.some(modal => modal.is === 'display')) return;
    asked = 'now';
    // It ends by itself, at a deadline at the latest, and never fails.
    void survey.ask().then(found => {
      asked = 'yes';
      takeFound(store, found);
    });
  };
  const owned = new DisposableStore();
  owned.add(store.subscribe(follow));
  owned.add(
    options.onResize(() => {
      // Another size of the letters is another size of a cell.
      if (asked === 'yes') asked = 'no';
      follow();
    }),
  );
  return owned;
}

function takeFound(store: Store<AppState>, found: FoundGraphics): void {
  const before = store.get().graphics.found;
  const isSame =
    before?.protocol === found.protocol &&
    before.cell?.width === found.cell?.width &&
    before.cell?.height === found.cell?.height;
  // A terminal that has answered before and now does not is slow, not another one.
  const isSilence = before !== undefined && found.protocol === 'blocks' && found.cell === undefined;
  if (isSame || isSilence) return;
  store.update(state => ({...state, graphics: {...state.graphics, found}}));
  const why = graphicsHindrance(store.get().graphics);
  if (why !== undefined) say(store, noticeMessage(why));
}

function takeChoice(store: Store<AppState>, {VIRTTY_GRAPHICS}: Environment, hasColours: boolean): void {
  const word = VIRTTY_GRAPHICS ?? '';
  const choice = parseGraphicsChoice(word) ?? (hasColours ? 'auto' : 'blocks');
  store.update(state => ({...state, graphics: {...state.graphics, choice}}));
  if (word !== '' && !parseGraphicsChoice(word)) {
    const names = GRAPHICS_CHOICES.join(', ');
    say(store, noticeMessage(`the environment says VIRTTY_GRAPHICS='${word}', which is none of ${names}`));
  }
}
