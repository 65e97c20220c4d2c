import {readConfiguration} from '../config/read-configuration.ts';
import {DEFAULT_SEARCH_DIRS} from './find-emulators.ts';

/**
 * The directories where emulators are looked for: the usual ones, then those of `emulator_directories` in qemu.conf.
 *
 * @param configuration  the path of qemu.conf, which need not be there
 * @param onWarning  told of what is wrong with it
 */
export async function searchDirs(
  configuration: string,
  onWarning: (message: string) => void,
): Promise<readonly string[]> {
  const {emulator_directories: own = []} = await readConfiguration(configuration, onWarning);
  return [...new Set([...DEFAULT_SEARCH_DIRS, ...own])];
}
