import {writeSync} from 'node:fs';
import {resolve} from 'node:path';
import {VirtError} from '../base/virt-error.ts';
import {readGuestSnapshot} from '../driver/emulators/guest-snapshot.ts';
import {findGuestOwner} from '../driver/guest-owner.ts';
import {readHostCapabilities} from '../driver/host-info/read-host-info.ts';
import {configurationPath, instancePaths} from '../driver/instance-paths.ts';
import {currentUser} from '../host/current-user.ts';
import {errnoOf} from '../host/files.ts';
import {joinCapabilitiesXml} from '../model/capabilities-xml.ts';
import {processIo} from './cli-io.ts';
import {chooseUri, resolveAddress} from './connect.ts';

/**
 * A program of its own for `virtty capabilities`, where nothing is new since it was printed: a tenth of the whole one, for
 * scripts that ask each time. What it does not know it leaves to that one.
 *
 * @param argv  without the program's name
 * @returns false when nothing has been done
 */
export async function main(argv: readonly string[]): Promise<boolean> {
  const option = uriIn(argv);
  if (option === undefined) return false;
  try {
    const text = await printedBefore(option.uri);
    if (text === undefined) return false;
    const rest = writeNow(Buffer.from(text));
    if (rest.length > 0) processIo().stdout.write(rest);
    return true;
  } catch (error) {
    if (error instanceof VirtError) return false; // the whole program says what is wrong
    throw error;
  }
}

const STDOUT = 1;

/**
 * Writes to the standard output, which takes Node some milliseconds to open as a stream.
 *
 * @returns what does not fit into a pipe now; nothing when nobody reads any more
 */
function writeNow(bytes: Uint8Array): Uint8Array {
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(STDOUT, bytes, at);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EPIPE' || code === 'EIO') return new Uint8Array();
    if (code !== 'EAGAIN') throw error;
  }
  return bytes.subarray(at);
}

/** `capabilities`, with a connection before it or none; undefined for any other command line. */
function uriIn(argv: readonly string[]): {readonly uri: string | undefined} | undefined {
  if (argv.at(-1) !== 'capabilities') return undefined;
  if (argv.length === 1) return {uri: undefined};
  const [option, uri] = argv;
  return argv.length === 3 && (option === '-c' || option === '--connect') ? {uri} : undefined;
}

async function printedBefore(option: string | undefined): Promise<string | undefined> {
  const address = resolveAddress(chooseUri(option, process.env), process.cwd());
  const {uid, gid, home} = currentUser();
  const paths = instancePaths(address, {home, env: process.env, resolve: path => resolve(path)});
  const configuration = configurationPath(paths, address.kind);
  const snapshot = await readGuestSnapshot({cacheDir: paths.cache, configuration, program: process.argv[1] ?? ''});
  if (snapshot === undefined) return undefined;
  const host = await readHostCapabilities(await findGuestOwner({uid, gid, configuration}));
  return `${joinCapabilitiesXml({...host, kvm: snapshot.kvm}, snapshot.guestsXml)}\n`;
}
