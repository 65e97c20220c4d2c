import type {AppState} from '../../app/app-state.ts';
import {GRAPHICS_CHOICES, graphicsHindrance, parseGraphicsChoice} from '../../app/graphics.ts';
import {say} from '../../app/jobs.ts';
import {noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import type {Disposable} from '../../base/disposable.ts';
import type {TerminalSurvey} from '../../ui/inline-image/terminal-survey.ts';
import type {Environment} from '../../ui/theme.ts';

export interface GraphicsOptions {
  readonly store: Store<AppState>;
  readonly survey: Pick<TerminalSurvey, 'ask'>;
  readonly env: Environment;
  /** Without colours images are drawn only where that was asked for. */
  readonly hasColours: boolean;
}

/** Follows how pictures are to be drawn: takes the choice of the environment, and asks the terminal once the first is looked at. */
export function followGraphics(options: GraphicsOptions): Disposable {
  const {store, survey, env, hasColours} = options;
  takeChoice(store, env, hasColours);
  let isAsked = false;
  const follow = () => {
    const {view, graphics} = store.get();
    if (isAsked || graphics.choice === 'blocks' || !view.modals.some(modal => modal.is === 'display')) return;
    isAsked = true;
    void survey.ask().then(found => {
      // It ends by itself, at a deadline at the latest, and never fails.
      store.update(state => ({...state, graphics: {...state.graphics, found}}));
      const why = graphicsHindrance(store.get().graphics);
      if (why !== undefined) say(store, noticeMessage(why));
    });
  };
  return store.subscribe(follow);
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
