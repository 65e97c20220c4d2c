/**
 * Builds dist/ from src/: three scripts, for commands, for the screen and for the one command that scripts ask often, with the code that V8 compiled while each of them
 * ran once. Run by Node itself (its types are stripped); `dist/.stamp` carries the time at which the build began, so that a
 * file saved while it ran makes it stale.
 */
import {mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type Bundle, bundleCommands, bundleQuick, bundleScreen} from './bundle.ts';
import {writeCodeCaches} from './code-cache.ts';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/** Leaves nothing of earlier builds; a console that still runs from them has loaded all of its code already. */
function writeDist(commands: Bundle, screen: Bundle, quick: Bundle): void {
  mkdirSync(dist, {recursive: true});
  for (const name of readdirSync(dist)) rmSync(path.join(dist, name), {recursive: true});
  for (const {name, contents} of [commands, screen, quick]) writeFileSync(path.join(dist, name), contents);
  const start = readFileSync(path.join(root, 'packaging/virtty.cjs'), 'utf8');
  const names = {'@commands@': commands.name, '@screen@': screen.name, '@quick@': quick.name};
  const named = Object.entries(names).reduce((text, [mark, name]) => text.replace(mark, name), start);
  writeFileSync(path.join(dist, 'virtty.cjs'), named);
}

const startedAt = new Date();
const [commands, screen, quick] = await Promise.all([
  bundleCommands(root),
  bundleScreen(root),
  bundleQuick(root),
]).catch(() => process.exit(1));
writeDist(commands, screen, quick);
await writeCodeCaches(root, {commands: commands.name, screen: screen.name, quick: quick.name});
writeFileSync(path.join(dist, '.stamp'), '');
utimesSync(path.join(dist, '.stamp'), startedAt, startedAt);
