import {createHash} from 'node:crypto';
import promises, {readFile} from 'node:fs/promises';
import path from 'node:path';
import {type BuildOptions, build, type Plugin} from 'esbuild';

/** A script as it is written to dist/. */
export interface Bundle {
  /** With a hash of the contents. */
  readonly name: string;
  readonly contents: string;
}

/**
 * Packages that are loaded from node_modules: native code, sloppy code, or files found by path at run time. React's
 * developer tools are not installed: Ink asks for them only under DEV=true, and copes without.
 */
const EXTERNAL = ['blessed', 'blessed-contrib', 'node-pty', 'react-devtools-core'];

/**
 * One CommonJS script per kind of start and no modules in it: V8 keeps compiled code for a script as it was after it ran,
 * but for ES modules only as it was before. That is worth a third of the start of a command.
 */
const OPTIONS = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22.12',
  // A script that is compiled by hand has no import() without a warning; what is left outside are CommonJS packages.
  supported: {'dynamic-import': false},
  // Without fetch, yoga decodes its WebAssembly by itself; with it, it loads all of Node's HTTP client for a data: URL.
  define: {'process.env.NODE_ENV': '"production"', 'import.meta.url': '__bundleUrl', fetch: 'undefined'},
  banner: {js: `const __bundleUrl=require('node:url').pathToFileURL(__filename).href;`},
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'inline',
  write: false,
  logLevel: 'warning',
} satisfies BuildOptions;

/** Bundles what all commands need but the screen. @throws {Error} when the sources do not bundle; esbuild has printed why */
export function bundleCommands(root: string): Promise<Bundle> {
  return bundle(root, 'commands', {
    entryPoints: [path.join(root, 'src/cli/main.ts')],
    external: [...EXTERNAL, '*/run-screen.tsx'],
  });
}

/** Bundles what `virtty capabilities` needs where nothing is new. @throws {Error} as `bundleCommands` */
export function bundleQuick(root: string): Promise<Bundle> {
  return bundle(root, 'quick', {entryPoints: [path.join(root, 'src/cli/quick.ts')], external: EXTERNAL});
}

/** Bundles everything. `prepare` has to be awaited before `main` is called. @throws {Error} as `bundleCommands` */
export function bundleScreen(root: string): Promise<Bundle> {
  const entry = [
    `import loadYoga from './node_modules/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js';`,
    `export {main} from './src/cli/main.ts';`,
    `export async function prepare() { globalThis.${YOGA} = await loadYoga(); }`,
  ];
  return bundle(root, 'screen', {
    stdin: {contents: entry.join('\n'), resolveDir: root, loader: 'ts'},
    external: EXTERNAL,
    plugins: [patchPackages],
  });
}

async function bundle(root: string, name: string, options: BuildOptions): Promise<Bundle> {
  const plugins = [lazyPromises, ...(options.plugins ?? [])];
  const result = await build({...OPTIONS, ...options, plugins, absWorkingDir: root, write: false});
  const contents = result.outputFiles[0]?.text ?? '';
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  return {name: `${name}-${hash}.cjs`, contents};
}

/** Loaded by the first call that needs them: Node's own promises of files bring line editing and streams along. */
const lazyPromises: Plugin = {
  name: 'lazy-promises',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^node:fs\/promises$/}, () => ({path: 'promises', namespace: 'lazy'}));
    onLoad({filter: /.*/, namespace: 'lazy'}, () => ({
      contents: `const fs = require('node:fs');
        for (const name of ${JSON.stringify(Object.keys(promises))})
          Object.defineProperty(exports, name, {get: () => fs.promises[name], enumerable: true});`,
      loader: 'js',
    }));
  },
};

const YOGA = '__virttyYoga';

/** Emptied when they hold more than some hundred frames' worth of different rows. */
const KEPT_CACHES = `let kept = new OutputCaches();
function keptCaches() {
  if (kept.styledChars.size + kept.widths.size + kept.blockWidths.size > 10000) kept = new OutputCaches();
  return kept;
}
`;

/**
 * Changes to packages that have no setting for it, each checked to be the text that is in the file:
 * modules that wait while they load, which a script cannot (the layout engine, React's developer tools), and Ink's
 * caches of measured and split text, which it throws away after every frame: kept, a frame costs less than half.
 */
const PATCHES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'yoga-layout/dist/src/index.js': [['await loadYoga()', `globalThis.${YOGA}`]],
  'ink/build/reconciler.js': [
    [`await import('./devtools.js')`, 'undefined'],
    ['const loaded = await loadPackageJson()', 'const loaded = {}'],
  ],
  'ink/build/output.js': [
    ['export default class Output {', `${KEPT_CACHES}export default class Output {`],
    ['caches = new OutputCaches();', 'caches = keptCaches();'],
  ],
};

const patchPackages: Plugin = {
  name: 'patch-packages',
  setup({onLoad}) {
    for (const [file, changes] of Object.entries(PATCHES)) {
      onLoad({filter: new RegExp(`/node_modules/${file}$`)}, async ({path: found}) => {
        const text = await readFile(found, 'utf8');
        const missing = changes.find(([from]) => !text.includes(from));
        if (missing) return {errors: [{text: `${file} has changed: '${missing[0]}' is not in it any more`}]};
        return {contents: changes.reduce((result, [from, to]) => result.replace(from, to), text), loader: 'js'};
      });
    }
  },
};
