import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

/** The project's root. */
export const ROOT = path.join(import.meta.dirname, '../..');

/** One source file as the structure tests see it. */
export interface SourceFile {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportOfFile[];
}

export interface ImportOfFile {
  /** As written: `./x.ts`, `node:fs`, `ink`. */
  readonly specifier: string;
  /** The file it means, relative to the project's root; undefined for a package or a module of Node's. */
  readonly target: string | undefined;
  /** True when nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

/** Statements begin a line, as the formatter leaves them; `import()` may stand anywhere. */
const STATIC = /^(?:import|export)\s+(?<what>[^'";]*?)\s*from\s*'(?<from>[^']+)'/gm;
const BARE = /^import\s*'(?<from>[^']+)'/gm;
const DYNAMIC = /(?<type>typeof\s+)?\bimport\(\s*'(?<from>[^']+)'\s*\)/g;

/** Reads every TypeScript file below a folder of the project, sorted by path. */
export function readSourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(path.join(ROOT, folder), {recursive: true, encoding: 'utf8'})
    .filter(name => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .map(name => readSourceFile(path.posix.join(folder, name)));
}

function readSourceFile(file: string): SourceFile {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return {path: file, text, imports: findImports(file, text)};
}

/** Finds what a file imports and re-exports, by statement and by `import()`. */
export function findImports(file: string, text: string): readonly ImportOfFile[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const imported = (specifier = '', typeOnly = false) => ({specifier, target: resolve(file, specifier), typeOnly});
  return [
    ...[...code.matchAll(STATIC)].map(({groups}) => imported(groups?.from, isTypeOnly(groups?.what ?? ''))),
    ...[...code.matchAll(BARE)].map(({groups}) => imported(groups?.from)),
    ...[...code.matchAll(DYNAMIC)].map(({groups}) => imported(groups?.from, groups?.type !== undefined)),
  ];
}

/** `what` is all between the keyword and `from`: `type {A}`, `{type A, type B}`, `A, {B}`, `* as a`. */
function isTypeOnly(what: string): boolean {
  if (/^type\s/.test(what)) return true;
  const names = /^\{(.*)\}$/s
    .exec(what)?.[1]
    ?.split(',')
    .filter(name => name.trim() !== '');
  return names !== undefined && names.length > 0 && names.every(name => /^\s*type\s/.test(name));
}

function resolve(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined;
}
