import type {Picture} from '../base/picture.ts';
import type {LineDraft} from './line-draft.ts';

/** The guest's screen in front of the panes. */
export interface DisplayView {
  readonly is: 'display';
  readonly domain: string;
  /** Counts how often a new picture was asked for by hand. */
  readonly asked: number;
  /** A line for the guest's keyboard, while it is typed. */
  readonly draft?: LineDraft;
}

/** The newest picture of a guest's screen, or why there is none; `asked` as the view had it. */
export type DisplayReading =
  | {readonly is: 'read'; readonly picture: Picture; readonly atMs: number; readonly asked: number}
  | {readonly is: 'failed'; readonly why: string; readonly atMs: number; readonly asked: number};

/** A picture that is shown is taken again after this time. */
export const DISPLAY_AGE_MS = 2000;

/** Whether a new picture has to be taken for the view. */
export function isDisplayDue(view: DisplayView, reading: DisplayReading | undefined, nowMs: number): boolean {
  return !reading || reading.asked !== view.asked || nowMs - reading.atMs >= DISPLAY_AGE_MS;
}
