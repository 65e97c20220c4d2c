import type {Picture} from '../base/picture.ts';
import type {LineDraft} from './line-draft.ts';

/** A part of the picture that is shown larger. */
export interface DisplayZoom {
  /** Pixels in the width of a dot: with 2, letters of 9 pixels can be read. */
  readonly pixels: 2 | 1;
  /** Place of the part, in steps from the left and from the top. */
  readonly across: number;
  readonly down: number;
}

/** Steps from one end of a picture to the other. */
export const ZOOM_STEPS = 8;

/** One level closer, `in`, or back, `out`; undefined is the whole picture. The place stays. */
export function zoomed(zoom: DisplayZoom | undefined, way: 'in' | 'out'): DisplayZoom | undefined {
  if (way === 'in') return zoom ? {...zoom, pixels: 1} : {pixels: 2, across: 0, down: 0};
  return zoom?.pixels === 1 ? {...zoom, pixels: 2} : undefined;
}

/** The place moved by steps, not beyond the ends. */
export function panned(zoom: DisplayZoom, by: {readonly across?: number; readonly down?: number}): DisplayZoom {
  const clamp = (step: number) => Math.max(0, Math.min(ZOOM_STEPS, step));
  return {...zoom, across: clamp(zoom.across + (by.across ?? 0)), down: clamp(zoom.down + (by.down ?? 0))};
}

/** The guest's screen in front of the panes. */
export interface DisplayView {
  readonly is: 'display';
  readonly domain: string;
  /** Counts how often a new picture was asked for by hand. */
  readonly asked: number;
  /** The part that is shown; the whole without. */
  readonly zoom?: DisplayZoom;
  /** A line for the guest's keyboard, while it is typed. */
  readonly draft?: LineDraft;
  /** Every key goes to the guest's keyboard. */
  readonly typing?: true;
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
