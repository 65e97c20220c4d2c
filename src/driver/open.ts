import {resolve} from 'node:path';
import type {Disposable} from '../base/disposable.ts';
import {type CurrentUser, currentUser} from '../host/current-user.ts';
import {ensurePrivateDir, readTextIfThere, writeTextAtomically} from '../host/files.ts';
import type {DriverInstance, Hypervisor} from '../model/hypervisor.ts';
import {formatUri, type InstanceAddress} from '../model/uri.ts';
import {defaultsSource} from './defaults-source.ts';
import {DefinitionStore} from './definition-store.ts';
import {DomainTable} from './domain-table.ts';
import {EmulatorService} from './emulator-service.ts';
import {acquireInstance, findOwner} from './instance-lock.ts';
import {configurationPath, type InstancePaths, instancePaths} from './instance-paths.ts';
import {type LoadContext, loadAsOwner, loadAsReader} from './load-domains.ts';
import {QemuDriver} from './qemu-driver.ts';

/** What a connection is opened for. */
export interface OpenOptions {
  /** `owner` may change things, and is one at a time; `reader` only looks, also while another process owns the instance. */
  readonly access: 'owner' | 'reader';
}

/**
 * Opens an instance of the QEMU driver, hosted by this process.
 *
 * @throws {VirtError} RESOURCE_BUSY, naming the process, when somebody else owns it; SYSTEM_ERROR when its folders cannot be used
 */
export async function openDriver(address: InstanceAddress, {access}: OpenOptions): Promise<Hypervisor> {
  const user = currentUser();
  const {uid, gid, home} = user;
  const paths = instancePaths(address, {home, env: process.env, resolve: path => resolve(path)});
  const uri = formatUri(address);
  if (access === 'owner') for (const dir of Object.values(paths)) await ensurePrivateDir(dir);
  const lock = access === 'owner' ? await acquireInstance(paths.run, `'${uri}'`) : undefined;
  try {
    const owner = access === 'reader' ? await findOwner(paths.run) : undefined;
    const table = new DomainTable(paths, Date.now);
    const defaults = defaultsSource();
    const definitions = new DefinitionStore(paths.definitions, defaults);
    const context = {table, definitions, paths, now: Date.now};
    const warnings = lock ? await loadAsOwner(context) : await loadAsReader(context, owner !== undefined);
    const configuration = configurationPath(paths, address.kind);
    const driver = new QemuDriver({
      ...context,
      instance: describeInstance(address, user, owner?.pid, access),
      defaults,
      emulators: new EmulatorService({
        cacheDir: paths.cache,
        configuration,
        driver: {uid, gid},
        onChanged: capabilities => table.emit({type: 'capabilities', capabilities}),
        onWarning: message => table.emit({type: 'warning', message}),
      }),
      uid,
      gid,
      home,
      configHome: process.env.XDG_CONFIG_HOME || `${home}/.config`,
      configuration,
      nextId: () => nextId(paths),
      warnings,
      ...(lock ? {lock} : {follow: () => follow(context)}),
    });
    return driver;
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** Loaded when somebody listens to a reader's events: a command that prints and ends needs none. */
async function follow(context: LoadContext): Promise<Disposable> {
  const {InstanceFollower} = await import('./follow-instance.ts');
  const {paths, now} = context;
  const load = async () => {
    const table = new DomainTable(paths, now);
    await loadAsReader({...context, table}, (await findOwner(paths.run)) !== undefined);
    return table;
  };
  return new InstanceFollower({paths, table: context.table, load});
}

function describeInstance(
  address: InstanceAddress,
  {uid, name}: CurrentUser,
  ownerPid: number | undefined,
  access: OpenOptions['access'],
): DriverInstance {
  return {
    kind: address.kind,
    uri: formatUri(address),
    uid,
    userName: name,
    readOnly: access === 'reader',
    ...(address.kind === 'embed' ? {root: resolve(address.root)} : {}),
    ...(ownerPid === undefined ? {} : {readOnlyReason: `process ${ownerPid} owns it`}),
  };
}

async function nextId(paths: InstancePaths): Promise<number> {
  const path = `${paths.run}/last-id`;
  const next = (Number.parseInt((await readTextIfThere(path)) ?? '0', 10) || 0) + 1;
  await writeTextAtomically(path, String(next), {sync: false});
  return next;
}
