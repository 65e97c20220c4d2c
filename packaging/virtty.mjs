// The first module of every start, copied to dist/: switches Node's compile cache on before the program is loaded.
// Parses on every Node since 16, so that an old one gets a sentence and no stack trace.
import module from 'node:module';
import {homedir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `error: virtty needs Node 22.12 or newer, this is ${process.version} (${process.execPath}): ` +
      'run npm start once, it brings its own\n',
  );
  process.exit(1);
}

// Beside the program where that is writable, else per user; without a cache the start takes twice as long, no more.
const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), '.cache');
const result = module.enableCompileCache(beside);
if (result.status === module.constants.compileCacheStatus.FAILED) {
  module.enableCompileCache(path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'virtty', 'node'));
}

const {main} = await import('./main.mjs');
await main(process.argv.slice(2));
