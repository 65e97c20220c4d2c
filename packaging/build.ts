/**
 * Builds dist/ from src/: two scripts, for commands and for the screen, with the code that V8 compiled while each of them
 * ran once. Run by Node itself (its types are stripped); `dist/.stamp` carries the time at which the build began, so that a
 * file saved while it ran makes it stale.
 */
import {mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type Bundle, bundleCommands, bundleScreen} from './bundle.ts';
import {writeCodeCaches} from './code-cache.ts';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/** Leaves nothing of earlier builds; a console that still runs from them has loaded all of its code already. */
function writeDist(commands: Bundle, screen: Bundle): void {
  mkdirSync(dist, {recursive: true});
  for (const name of readdirSync(dist)) rmSync(path.join(dist, name), {recursive: true});
  for (const {name, contents} of [commands, screen]) writeFileSync(path.join(dist, name), contents);
  const start = readFileSync(path.join(root, 'packaging/virtty.cjs'), 'utf8');
  const named = start.replace('@commands@', commands.name).replace('@screen@', screen.name);
  writeFileSync(path.join(dist, 'virtty.cjs'), named);
}

const startedAt = new Date();
const [commands, screen] = await Promise.all([bundleCommands(root), bundleScreen(root)]).catch(() => process.exit(1));
writeDist(commands, screen);
await writeCodeCaches(root, {commands: commands.name, screen: screen.name});
writeFileSync(path.join(dist, '.stamp'), '');
utimesSync(path.join(dist, '.stamp'), startedAt, startedAt);
