import {spawn} from 'node:child_process';
import {accessSync, constants} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {constants as osConstants, tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import type {EditedFile} from '../app/edit-text.ts';
import {messageOf, VirtError} from '../base/virt-error.ts';
import {fileNameOf} from '../model/domain-path.ts';

export interface EditTextOptions {
  readonly text: string;
  readonly file: EditedFile;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Lets the user edit a text in their editor, which has the terminal until it ends. The file is in a directory that
 * nobody else can read, and is removed afterwards.
 *
 * @throws {VirtError} OPERATION_FAILED when there is no editor, or it ended with a failure, as `:cq` of vi does
 */
export async function editText({text, file: named, env}: EditTextOptions): Promise<string> {
  const editor = chooseEditor(env, program => isOnPath(program, env.PATH ?? ''));
  const file = await writePrivateFile(text, named);
  try {
    const status = await runEditor(editor, file.path);
    if (status !== 0) {
      const message = `nothing was edited: the editor '${editor}' ended with status ${status}`;
      throw new VirtError('OPERATION_FAILED', 'NONE', message, {hint: 'EDITOR and VISUAL name the editor to use'});
    }
    return await readFile(file.path, 'utf8');
  } finally {
    await rm(file.directory, {recursive: true, force: true});
  }
}

/** $VISUAL, $EDITOR, vi or nano. @throws {VirtError} OPERATION_FAILED when there is none of them */
export function chooseEditor(env: EditTextOptions['env'], isThere: (program: string) => boolean): string {
  const editor = env.VISUAL?.trim() || env.EDITOR?.trim() || ['vi', 'nano'].find(isThere);
  if (editor) return editor;
  throw new VirtError('OPERATION_FAILED', 'NONE', 'cannot edit: there is neither vi nor nano on this host', {
    hint: 'set EDITOR to the editor to use, e.g. EDITOR=emacs',
  });
}

/** Writes a text where only this user can read it; the caller removes the directory, or says where the text is. */
export async function writePrivateFile(
  text: string,
  {name, suffix}: EditedFile,
): Promise<{directory: string; path: string}> {
  const parent = tmpdir();
  try {
    const directory = await mkdtemp(join(parent, 'virtty-edit-')); // mode 0700
    const path = join(directory, fileNameOf(name) + suffix);
    await writeFile(path, text, {mode: 0o600, flag: 'wx'});
    return {directory, path};
  } catch (error) {
    throw new VirtError('SYSTEM_ERROR', 'NONE', `cannot write a file in '${parent}': ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * The editor may have arguments in its name, as `code -w` has: like git, the user's own words go to a shell, the file
 * as a word of its own. Ctrl-C is the editor's alone meanwhile.
 *
 * @returns its exit status, 128 and more for a signal
 */
function runEditor(editor: string, path: string): Promise<number> {
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const child = spawn('/bin/sh', ['-c', `${editor} "$@"`, editor, path], {stdio: 'inherit'});
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0)));
  }).finally(() => process.off('SIGINT', ignore));
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some(directory => isExecutableFile(join(directory, program)));
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // every reason is the same answer
  }
}
