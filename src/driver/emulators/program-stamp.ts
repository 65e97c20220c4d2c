import {changeTimes, type FileIdentity, listNames} from '../../host/file-identity.ts';

/** A script is no larger; a real emulator is. */
const MAX_SCRIPT_BYTES = 64 * 1024;

/**
 * All that the answers of an emulator depend on: the file, the modules that it loads, and, where it may be a script, the
 * program of its name that distributions keep in `libexec`, as Debian does with qemu-system-i386.
 *
 * @param modules  from `readModulesStamp`
 */
export function programStamp(file: FileIdentity, modules: string): string {
  const {realPath, sizeBytes, mtimeMs, ctimeMs} = file;
  const behind = sizeBytes > MAX_SCRIPT_BYTES ? '' : (changeTimes(libexecPath(realPath)) ?? '');
  return [realPath, sizeBytes, mtimeMs, ctimeMs, behind, modules].join('\n');
}

/** `/usr/libexec/x` of `/usr/bin/x`. */
function libexecPath(path: string): string {
  return path.replace(/\/[^/]+\/([^/]+)$/, '/libexec/$1');
}

/** When the directories with QEMU's modules last changed. */
export async function readModulesStamp(): Promise<string> {
  const multiarch = (await listNames('/usr/lib'))
    .filter(name => name.includes('-linux-'))
    .map(name => `/usr/lib/${name}`);
  const directories = [...multiarch, '/usr/lib', '/usr/lib64', '/usr/local/lib'].map(parent => `${parent}/qemu`);
  return directories.flatMap(directory => changeTimes(directory) ?? []).join(' ');
}
