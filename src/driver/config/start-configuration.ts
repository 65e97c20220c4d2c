import {accessSync, constants, statSync} from 'node:fs';
import {type Problem, sortProblems} from '../../base/problem.ts';
import {VirtError} from '../../base/virt-error.ts';
import {readTextIfThere} from '../../host/files.ts';
import {hostTree} from '../../host/host-tree.ts';
import {readAccounts} from '../../host/users.ts';
import {type CountedSetting, readQemuConf} from '../../model/config/qemu-conf.ts';
import {hugetlbfsMounts} from '../host-info/memory-places.ts';
import {readSecurityModels} from '../host-info/security-models.ts';
import type {HostSettings} from '../host-settings.ts';
import {type ConfigurationFacts, checkSettings} from './check-settings.ts';
import {planSettings} from './plan-settings.ts';

/** The qemu.conf of an instance as a start takes it. */
export interface StartConfiguration {
  readonly path: string;
  readonly settings: HostSettings;
  /** What stands in it and counts. */
  readonly stated: readonly CountedSetting[];
  /** In the order of the file. Errors keep guests off. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the qemu.conf of an instance for a start, and asks the host about what it names.
 *
 * @param path  of a file that need not be there
 * @throws {VirtError} SYSTEM_ERROR for a file that cannot be read
 */
export async function readStartConfiguration(
  path: string,
  driver: {readonly uid: number; readonly gid: number},
): Promise<StartConfiguration> {
  const read = readQemuConf((await readTextIfThere(path)) ?? '');
  const facts = read.settings.length === 0 ? undefined : await readFacts(driver);
  const problems = [...read.problems, ...(facts ? checkSettings(read, facts) : [])];
  const settings = planSettings(read.conf, isDirectory);
  return {path, settings, stated: read.settings, problems: sortProblems(problems)};
}

/** What is worth knowing of a configuration with which guests start, a sentence each. */
export function configurationWarnings({path, problems}: StartConfiguration): readonly string[] {
  return problems.filter(({severity}) => severity === 'warning').map(problem => formatPlace(path, problem));
}

/**
 * The settings of a configuration without an error.
 *
 * @param tried  e.g. `start domain 'web'`
 * @throws {VirtError} CONFIG_UNSUPPORTED with file and line of the errors
 */
export function requireSettings({path, settings, problems}: StartConfiguration, tried: string): HostSettings {
  const [first, ...rest] = problems.filter(({severity}) => severity === 'error');
  if (!first) return settings;
  throw new VirtError('CONFIG_UNSUPPORTED', 'CONF', `cannot ${tried}: ${formatPlace(path, first)}`, {
    hint: 'correct or remove the line: the file is read anew at each start',
    detail: rest.map(problem => formatPlace(path, problem)),
  });
}

/** `FILE:LINE: message`. */
export function formatPlace(path: string, {line, message}: Problem): string {
  return line === 0 ? `${path}: ${message}` : `${path}:${line}: ${message}`;
}

async function readFacts({uid, gid}: {readonly uid: number; readonly gid: number}): Promise<ConfigurationFacts> {
  const tree = hostTree();
  const models = readSecurityModels(tree, {uid, gid, isPrivileged: uid === 0}).map(({model}) => model);
  return {
    uid,
    gid,
    accounts: await readAccounts(),
    isDirectory,
    isExecutable,
    hugetlbfs: hugetlbfsMounts(tree),
    models,
  };
}

function isDirectory(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // any reason: it is asked whether, not why
  }
}
