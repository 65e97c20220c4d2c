import type {HostTree} from '../../host/host-tree.ts';
import {type Mount, mountOf} from '../../host/mounts.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {type HostResource, hostResources} from '../../model/host-resource.ts';
import type {GivenFile, UsedFile} from '../../security/check-file.ts';
import {filesOf, nameOf} from '../../security/plan-ownership.ts';
import type {GrantRecord} from '../grants/grant-registry.ts';
import {deviceNodes} from '../host-devices/device-nodes.ts';
import type {InstancePaths} from '../instance-paths.ts';

/** A file that a running guest uses, or may use. */
export interface ListedFile extends UsedFile {
  /** True for one of several names of which some need not be there. */
  readonly isOptional?: boolean;
}

export interface UsedFilesContext {
  readonly paths: Pick<InstancePaths, 'run' | 'log'>;
  readonly tree: HostTree;
  readonly mounts: readonly Mount[];
  readonly record: GrantRecord;
}

/**
 * The files of the host that a running guest uses, each once: those of its definition, then what else it was given. What
 * the driver makes for a run is not among them.
 */
export function usedFiles(def: DomainDef, {paths, tree, mounts, record}: UsedFilesContext): readonly ListedFile[] {
  const given = givenTo(def.uuid, record, path => keepsMarks(mountOf(path, mounts)));
  const files = new Map<string, ListedFile>();
  const isDriversOwn = (path: string) => [paths.log, paths.run].some(folder => path.startsWith(`${folder}/`));
  for (const resource of hostResources(def)) {
    for (const {path} of filesOf(resource, {nodesOf: sysfsPath => deviceNodes(sysfsPath, tree)})) {
      const access = accessOf(resource);
      const known = files.get(path);
      if (isDriversOwn(path) || (known && !(access === 'write' && known.access === 'read'))) continue;
      const {grant} = given.get(path) ?? {};
      files.set(path, {
        path,
        what: known?.what ?? nameOf(resource),
        ...(access === undefined ? {} : {access}),
        ...(grant ? {given: grant} : {}),
        ...(resource.type === 'pipe' || resource.created ? {isOptional: !grant} : {}),
      });
    }
  }
  for (const [path, {what, grant}] of given) if (!files.has(path)) files.set(path, {path, what, given: grant});
  return [...files.values()];
}

/** What is opened by its path, by the process of the guest itself: shared directories have a server of their own. */
function accessOf({type, role, access}: HostResource): UsedFile['access'] {
  return type === 'dir' || type === 'socket' || role === 'filesystem' ? undefined : access;
}

interface Given {
  readonly what: string;
  readonly grant: GivenFile;
}

/** File systems whose files have owners or labels of the mount, or that a server may refuse to change. */
const OTHERS_MARKS = /^(?:nfs4?|cifs|smb3|9p|vfat|msdos|exfat|ntfs3?|fuseblk|fuse\..*|iso9660|udf)$/;

function keepsMarks(mount: Mount | undefined): boolean {
  return mount === undefined || !(mount.readOnly || OTHERS_MARKS.test(mount.fsType));
}

function givenTo(uuid: string, {entries}: GrantRecord, keeps: (path: string) => boolean): ReadonlyMap<string, Given> {
  return new Map(
    entries.flatMap(({dev, ino, given, users}) =>
      users
        .filter(user => user.uuid === uuid)
        .map(({path, what}): [string, Given] => [
          path,
          {what, grant: {dev, ino, ...given, ...(keeps(path) ? {} : {mayDiffer: true})}},
        ]),
    ),
  );
}
