import type {AppState} from '../../app/app-state.ts';
import type {DisplayReading, DisplayView} from '../../app/display.ts';
import type {Picture} from '../../base/picture.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {formatState, isActive} from '../../model/domain-state.ts';
import {textRows} from '../../ui/fields.ts';
import {pictureRows} from '../../ui/picture-rows.ts';
import {pictureWindow} from '../../ui/picture-window.ts';
import type {Theme} from '../../ui/theme.ts';

export interface DisplayLook {
  readonly hindrance: string | undefined;
  readonly zoom: DisplayView['zoom'];
  /** The picture is drawn over the frame, which stays blank. */
  readonly isImage: boolean;
}

/** The picture that is drawn as an image, or the part of it: a half of its sides, or a quarter; undefined where there is none. */
export function shownImage(
  reading: DisplayReading | undefined,
  {hindrance, zoom, isImage}: DisplayLook,
): Picture | undefined {
  if (!isImage || hindrance !== undefined || reading?.is !== 'read') return undefined;
  const {picture} = reading;
  const quarter = {columns: Math.ceil(picture.width / 4), halfRows: Math.ceil(picture.height / 4)};
  return zoom ? pictureWindow(picture, zoom, quarter) : picture;
}

/** The rows of a guest's screen: its picture, or why there is none. */
export function displayRows(
  reading: DisplayReading | undefined,
  {hindrance, zoom, isImage}: DisplayLook,
  size: {readonly columns: number; readonly rows: number},
  theme: Theme,
): readonly string[] {
  if (hindrance !== undefined) return ['', ...textRows(hindrance, size.columns, theme, 'muted')];
  if (!reading) return ['', ...textRows('Taking a picture of the screen', size.columns, theme, 'muted')];
  if (reading.is === 'failed') return ['', ...textRows(sanitiseUntrusted(reading.why), size.columns, theme, 'danger')];
  if (isImage) return [];
  const room = {columns: size.columns, halfRows: 2 * size.rows};
  const picture = zoom ? pictureWindow(reading.picture, zoom, room) : reading.picture;
  return pictureRows(picture, {...size, depth: theme.pictureColours, isUnicode: theme.isUnicode});
}

/** Why a domain has no screen now; undefined for one that may have. */
export function displayHindrance(state: AppState, name: string): string | undefined {
  const domain = state.domains.find(candidate => candidate.name === name);
  if (!domain) return `There is no domain '${sanitiseUntrusted(name)}' any more.`;
  return isActive(domain.state) ? undefined : `It is ${formatState(domain.state)}: s starts it.`;
}

/** What stands on the edge: size and time of the picture. */
export function displayNote(reading: DisplayReading | undefined): string {
  if (reading?.is !== 'read') return '';
  const at = new Date(reading.atMs);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(part => String(part).padStart(2, '0')).join(':');
  return `${reading.picture.width}x${reading.picture.height}, ${time}`;
}
