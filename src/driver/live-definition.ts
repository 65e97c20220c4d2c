import type {DomainDef} from '../model/domain-def.ts';
import {assignAliases} from '../model/live-def.ts';
import type {ArgvSettings} from './argv/argv-input.ts';
import {withLiveScreens} from './argv/live-screens.ts';
import {domainRunDir, type InstancePaths} from './instance-paths.ts';
import {withConsoleLogs} from './live-consoles.ts';

/** The definition of a run as far as it can be told before: aliases, logs of lines, and where screens listen; no ports yet. */
export function liveDefinition(def: DomainDef, paths: InstancePaths, settings: ArgvSettings): DomainDef {
  const named = withConsoleLogs(assignAliases(def), paths);
  return withLiveScreens(named, domainRunDir(paths, def.uuid), settings);
}
