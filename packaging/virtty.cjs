// The first module of every start, copied to dist/: runs the bundle that the command line needs, from the code that V8
// compiled and ran when it was built. Parses on every Node since 16, so that an old one gets a sentence and no stack trace.
// CommonJS: the loader of ES modules, and what importing `node:fs` there brings along, cost each start some 6 ms.
'use strict';
const fs = require('node:fs');
const {createRequire} = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `error: virtty needs Node 22.12 or newer, this is ${process.version} (${process.execPath}): ` +
      'run npm start once, it brings its own\n',
  );
  process.exit(1);
}

/** Names with the hash of the contents: compiled code must never meet a source that it does not come from. */
const BUNDLES = {commands: '@commands@', screen: '@screen@', quick: '@quick@'};

/** The screen's bundle can do all that the others can; it is only larger. */
function chooseBundle(args) {
  if (args.some(arg => /^(-V|--version|-h|--help)$/.test(arg))) return BUNDLES.commands;
  const word = args.find((arg, index) => !arg.startsWith('-') && !/^(-c|--connect)$/.test(args[index - 1] ?? ''));
  if (word === 'capabilities') return BUNDLES.quick;
  return word === undefined || word === 'demo' || word === 'screen' ? BUNDLES.screen : BUNDLES.commands;
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Runs a bundle. Its `main` says false where it leaves the command line to the larger one. */
async function run(name, args) {
  const file = path.join(__dirname, name);
  const script = new vm.Script(`(function(exports,require,module,__filename){${fs.readFileSync(file, 'latin1')}\n})`, {
    filename: file,
    cachedData: readIfThere(`${file}.cache`),
  });
  if (process.env.VIRTTY_WRITE_CODE_CACHE) {
    process.on('exit', () => fs.writeFileSync(process.env.VIRTTY_WRITE_CODE_CACHE, script.createCachedData()));
  }
  const bundle = {exports: {}};
  script.runInThisContext()(bundle.exports, createRequire(file), bundle, file);
  if (bundle.exports.prepare) await bundle.exports.prepare();
  return bundle.exports.main(args);
}

(async () => {
  const args = process.argv.slice(2);
  if ((await run(chooseBundle(args), args)) === false) await run(BUNDLES.commands, args);
})();
