import {createRequire} from 'node:module';
import path from 'node:path';
import {Resvg} from '@resvg/resvg-js';
import type {Terminal} from '@xterm/headless';
import {FONT_FAMILY, screenSvg} from './screen-svg.ts';

/** The mono faces, and DejaVu Sans for what they lack. */
const FONT_FILES = ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf', 'DejaVuSansMono-Oblique.ttf', 'DejaVuSans.ttf'];

/** Draws what a terminal shows as a PNG picture. The fonts come with the packages: every machine draws the same. */
export function renderPng(terminal: Terminal): Uint8Array {
  const fontFiles = FONT_FILES.map(file => path.join(fontFolder(), file));
  const font = {loadSystemFonts: false, fontFiles, defaultFontFamily: FONT_FAMILY};
  return new Resvg(screenSvg(terminal), {font}).render().asPng();
}

function fontFolder(): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
}
