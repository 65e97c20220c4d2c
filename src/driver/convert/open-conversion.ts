import {resolve} from 'node:path';
import {currentUser} from '../../host/current-user.ts';
import type {InstanceAddress} from '../../model/uri.ts';
import {defaultsSource} from '../defaults-source.ts';
import {DEFAULT_HOST_SETTINGS} from '../host-settings.ts';
import {configurationPath, instancePaths} from '../instance-paths.ts';
import type {ConversionContext} from './domain-to-native.ts';
import type {EmulatorSource} from './emulator-source.ts';

/** What is known of the emulator when it is not to be asked itself. */
export type GivenEmulator = Exclude<EmulatorSource, {readonly from: 'host'}>;

/**
 * What a conversion on this host takes from outside; nothing is opened or locked.
 *
 * @param given  without it the emulators of this host are asked, through the instance's cache
 */
export function conversionContext(
  address: InstanceAddress,
  env: Readonly<Record<string, string | undefined>>,
  options: {readonly given?: GivenEmulator; readonly onWarning: (message: string) => void},
): ConversionContext {
  const {uid, gid, home} = currentUser(env);
  const paths = instancePaths(address, {home, env, resolve: path => resolve(path)});
  const emulator = options.given ?? {
    from: 'host',
    cacheDir: paths.cache,
    configuration: configurationPath(paths, address.kind),
    onWarning: options.onWarning,
  };
  return {
    defaults: defaultsSource(),
    emulator,
    paths,
    env,
    home,
    uid,
    gid,
    nowMs: Date.now(),
    settings: DEFAULT_HOST_SETTINGS,
  };
}
