/**
 * Builds dist/ from src/ with esbuild: one module per command, the screen's code apart, so that a command loads only what
 * it needs. Run by Node itself (its types are stripped); `dist/.stamp` carries the time at which the build began, so that a
 * file saved while it ran makes it stale.
 */
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {build, type OutputFile} from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/**
 * Packages that are loaded from node_modules: native code, or files found by path at run time. React's developer tools are
 * not installed: Ink asks for them only under DEV=true, and copes without.
 */
const EXTERNAL = ['blessed', 'blessed-contrib', 'node-pty', 'react-devtools-core'];

/** For CommonJS packages inside ES modules; only where it is asked for, since it costs each module 0.15 ms of every start. */
const REQUIRE_BANNER = `import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);`;

async function bundle(): Promise<readonly OutputFile[]> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: {main: 'src/cli/main.ts'},
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    chunkNames: 'chunks/[name]-[hash]',
    outExtension: {'.js': '.mjs'}, // says what it is by its name: Node looks for no package.json, 2 ms of every start
    define: {'process.env.NODE_ENV': '"production"'},
    external: EXTERNAL,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    write: false,
    logLevel: 'warning',
  });
  return result.outputFiles;
}

function writeOutputs(files: readonly OutputFile[]): void {
  for (const {path: file, text} of files) {
    writeFileSync(file, /\brequire\b/.test(text) && file.endsWith('.mjs') ? `${REQUIRE_BANNER}${text}` : text);
  }
}

/** Removes what earlier builds left; a console that still runs from them has loaded its code already, charts apart. */
function removeLeftovers(files: readonly OutputFile[]): void {
  const written = new Set(files.map(file => file.path));
  const folder = path.join(dist, 'chunks');
  for (const name of readdirSync(folder)) {
    if (!written.has(path.join(folder, name))) rmSync(path.join(folder, name));
  }
}

/** Compiles every module once, so that the first start after a build is as quick as the later ones; importing does nothing. */
function warmCompileCache(files: readonly OutputFile[]): void {
  const modules = files.map(file => file.path).filter(file => file.endsWith('.mjs') && !file.includes('/devtools-'));
  const program = [
    "import module from 'node:module';",
    `module.enableCompileCache(${JSON.stringify(path.join(dist, '.cache'))});`,
    ...modules.map(file => `await import(${JSON.stringify(file)});`),
  ].join('\n');
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], {stdio: ['ignore', 'ignore', 'inherit']});
}

const startedAt = new Date();
mkdirSync(path.join(dist, 'chunks'), {recursive: true});
const files = await bundle().catch(() => process.exit(1)); // esbuild has printed what is wrong, and where
writeOutputs(files);
removeLeftovers(files);
copyFileSync(path.join(root, 'packaging/virtty.mjs'), path.join(dist, 'virtty.mjs'));
rmSync(path.join(dist, '.cache'), {recursive: true, force: true});
warmCompileCache(files);
writeFileSync(path.join(dist, '.stamp'), '');
utimesSync(path.join(dist, '.stamp'), startedAt, startedAt);
