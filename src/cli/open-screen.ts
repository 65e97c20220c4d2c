import {VirtError} from '../base/virt-error.ts';
import {encodePng} from '../host/encode-png.ts';
import type {CommandContext} from './command.ts';
import {editText} from './edit-text.ts';
import {expandHome, listFiles} from './list-files.ts';
import {readTextFile} from './read-text-file.ts';
import {pictureFileName, savePicture} from './save-picture.ts';
import {writeNewFile} from './write-new-file.ts';

/** For images on the screen: keys wait while one is packed. */
const SCREEN_LEVEL = 4;

/**
 * Opens the screen on a connection that owns the instance, or with `--readonly` beside an owner; ends when it is left.
 * Its code is loaded here and nowhere else.
 *
 * @throws {VirtError} OPERATION_UNSUPPORTED when input or output is no terminal, before anything is opened
 */
export async function openScreen(context: CommandContext): Promise<void> {
  const {globals, io, version} = context;
  if (!io.interactive) throw noTerminal();
  const [hypervisor, {runScreen}] = await Promise.all([
    context.connect(globals.readonly ? 'reader' : 'owner'),
    import('../views/run-screen.tsx'),
  ]);
  await runScreen({
    hypervisor,
    version,
    // The screen needs a real terminal: its size, its raw mode and its handle.
    stdin: process.stdin,
    stdout: process.stdout,
    env: io.env,
    now: Date.now,
    editText: (text, file) => editText({text, file, env: io.env}),
    readTextFile: path => readTextFile(expandHome(path, io.env.HOME), io.cwd),
    writeNewFile: (path, text) => writeNewFile(expandHome(path, io.env.HOME), text, io.cwd),
    savePicture: (picture, domain) => savePicture(pictureFileName(domain, Date.now()), picture, io.cwd),
    encodePng: picture => encodePng(picture, SCREEN_LEVEL),
    listFiles: path => listFiles(expandHome(path, io.env.HOME), io.cwd),
  });
}

function noTerminal(): VirtError {
  return new VirtError('OPERATION_UNSUPPORTED', 'NONE', 'cannot open the screen: input and output must be a terminal', {
    hint: "'virtty list --all' lists the domains without one, 'virtty help' shows all commands",
  });
}
