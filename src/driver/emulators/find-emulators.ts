import {type FileIdentity, inspectProgram, listNames} from '../../host/file-identity.ts';

/** Where emulators are looked for; not PATH, so that every user of a host gets the same. */
export const DEFAULT_SEARCH_DIRS = ['/usr/bin', '/usr/local/bin', '/usr/libexec'] as const;

/**
 * The names that the document's "Deployment pre-requisites" lists, and what distributions call KVM's emulator: they are looked
 * at also where a directory may not be listed.
 */
const KNOWN_NAMES = [
  'qemu',
  'qemu-system-x86_64',
  'qemu-system-mips',
  'qemu-system-mipsel',
  'qemu-system-sparc',
  'qemu-system-ppc',
  'qemu-kvm',
  'kvm',
  'xenner',
];
const EMULATOR_NAME = /^(?:qemu-system-[A-Za-z0-9_.+-]+|qemu-kvm|kvm|qemu|xenner)$/;

/** A file that looks like an emulator, under all the names that lead to it. */
export type FoundEmulator =
  | {readonly path: string; readonly names: readonly string[]; readonly file: FileIdentity}
  | {readonly path: string; readonly names: readonly string[]; readonly why: string};

/** True for a file name that an emulator may have. */
export function isEmulatorName(name: string): boolean {
  return EMULATOR_NAME.test(name);
}

/** Every path that is looked at even when the directory cannot be listed, for the message that there is nothing. */
export function knownPaths(searchDirs: readonly string[]): readonly string[] {
  return searchDirs.flatMap(dir => KNOWN_NAMES.map(name => `${dir}/${name}`));
}

/**
 * Looks for emulators: the known names and everything called `qemu-system-*` in the directories.
 * Links to one file are one entry, named by the file itself where it was found, else by the first link.
 *
 * @returns in the order of the directories, sorted by path in each; files that may not be executed with the reason
 */
export async function findEmulators(searchDirs: readonly string[]): Promise<readonly FoundEmulator[]> {
  const paths = (await Promise.all(searchDirs.map(pathsIn))).flat();
  const inspected = paths.map(path => ({path, program: inspectProgram(path)}));
  const there = inspected.filter(({program}) => program.is !== 'missing').map(({path}) => path);
  const byFile = new Map<string, FoundEmulator>();
  for (const {path, program} of inspected) {
    if (program.is === 'missing' || isBehindWrapper(path, there)) continue;
    if (program.is === 'not executable') byFile.set(path, {path, names: [path], why: `${path} ${program.why}`});
    else byFile.set(program.realPath, mergeLink(byFile.get(program.realPath), path, program));
  }
  return inOrderOf(searchDirs, [...byFile.values()]);
}

/** Sorted by the directory of each, then by its path. */
export function inOrderOf<T extends {readonly path: string}>(
  searchDirs: readonly string[],
  found: readonly T[],
): readonly T[] {
  const place = ({path}: T) => {
    const index = searchDirs.indexOf(path.slice(0, path.lastIndexOf('/')));
    return index < 0 ? searchDirs.length : index;
  };
  return found.toSorted((a, b) => place(a) - place(b) || (a.path < b.path ? -1 : 1));
}

async function pathsIn(dir: string): Promise<readonly string[]> {
  const names = (await listNames(dir)).filter(isEmulatorName);
  return (names.length > 0 ? names : KNOWN_NAMES).map(name => `${dir}/${name}`);
}

/** What a directory `libexec` has under a name that is elsewhere too is run by a script there, as Debian's qemu-system-i386. */
function isBehindWrapper(path: string, paths: readonly string[]): boolean {
  const name = path.slice(path.lastIndexOf('/'));
  return path.includes('/libexec/') && paths.some(other => other.endsWith(name) && !other.includes('/libexec/'));
}

function mergeLink(found: FoundEmulator | undefined, path: string, file: FileIdentity): FoundEmulator {
  const names = [...(found?.names ?? []), path];
  return {path: path === file.realPath ? path : (found?.path ?? path), names, file};
}
