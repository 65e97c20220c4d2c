/**
 * Takes the pictures of the README from the running program: `npm run screenshots [NAME...]`. Needs a build and QEMU.
 */
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {TestTerminal} from '../test/e2e/harness/terminal.ts';
import {type DemoInstance, openDemoInstance} from './demo-instance.ts';
import {renderPng} from './render.ts';
import {SCENES, type Scene} from './scenes.ts';

/** Ends what a terminal should show at once (DEC mode 2026). */
const FRAME_END = '\x1b[?2026l';

async function main(names: readonly string[]): Promise<void> {
  const scenes = SCENES.filter(scene => names.length === 0 || names.includes(scene.name));
  if (scenes.length === 0) throw new Error(`no such scene; there are ${SCENES.map(scene => scene.name).join(', ')}`);
  const instance = openDemoInstance();
  try {
    for (const scene of scenes) await shoot(scene, instance);
  } finally {
    instance.dispose();
  }
}

async function shoot(scene: Scene, instance: DemoInstance): Promise<void> {
  const [command, ...args] = instance.command();
  const terminal = new TestTerminal(command, args, {columns: scene.columns, rows: scene.rows});
  try {
    await scene.play(terminal);
    await terminal.until(() => terminal.raw().endsWith(FRAME_END), 'for the end of a frame');
    const file = path.join(import.meta.dirname, `${scene.name}.png`);
    writeFileSync(file, renderPng(terminal.screen));
    process.stdout.write(`${file}\n`);
    await quit(terminal);
  } finally {
    terminal.dispose();
  }
}

/** From wherever a scene ended: out of a guest's console, out of what is in front, out of the program. One console owns the instance. */
async function quit(terminal: TestTerminal): Promise<void> {
  terminal.press('Ctrl-]');
  terminal.press('Esc');
  terminal.type(':q\r');
  await terminal.exited;
}

await main(process.argv.slice(2));
