import type {HostResource} from '../../model/host-resource.ts';
import {type FileGrant, mergeGrants} from '../file-grant.ts';
import {filesOf, KERNEL_NODES, nameOf, type OwnershipRequest} from '../plan-ownership.ts';
import {imageLabelOf} from './plan-image-labels.ts';
import type {DomainLabels} from './plan-labels.ts';

/** What decides which files of the host get a label of a guest. */
export interface LabellingRequest extends Pick<OwnershipRequest, 'resources' | 'isDriversOwn' | 'nodesOf'> {
  readonly labels: DomainLabels;
}

/**
 * The labels of the files that a guest uses, as grants: the last guest that uses a file gives it its label back.
 *
 * What the driver itself makes for a run is labelled where it is made. A file that the emulator is to make gets what the
 * policy gives it.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a label in the definition that is none
 */
export function planLabelling(request: LabellingRequest): readonly FileGrant[] {
  const own = request.resources.filter(({path}) => !request.isDriversOwn(path));
  const grants = own.flatMap(resource => grantsOf(resource, request));
  return mergeGrants(
    grants.filter(({path}) => !KERNEL_NODES.has(path)),
    [],
  );
}

function grantsOf(resource: HostResource, request: LabellingRequest): readonly FileGrant[] {
  const label = imageLabelOf(resource, request.labels);
  if (label === undefined) return [];
  const {access, shared} = resource;
  return filesOf(resource, request).map(file => ({
    ...file,
    what: nameOf(resource),
    access,
    shared,
    label,
    restore: true,
  }));
}
