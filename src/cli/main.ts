import packageJson from '../../package.json' with {type: 'json'};
import {processIo} from './cli-io.ts';
import type {OpenDriver} from './connect.ts';
import {runCli} from './run-cli.ts';

/** The local driver, loaded when a command needs it. */
const openLocal: OpenDriver = async (address, options) => {
  const {openDriver} = await import('../driver/open.ts');
  return openDriver(address, options);
};

/**
 * The program: runs one command line in this process and ends it with the command's exit status, after everything
 * printed has left. Nothing is loaded but what the command needs.
 *
 * @param argv  without the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  const status = await runCli(argv, {io: processIo(), open: openLocal, version: packageJson.version});
  process.exitCode = status;
  // A pipe may still hold output; only then is it safe to leave without waiting for what the driver keeps open.
  process.stdout.write('', () => process.exit(status));
}
