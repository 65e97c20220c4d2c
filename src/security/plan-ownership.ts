import type {DeviceSeclabel, SeclabelDef} from '../model/domain/seclabel.ts';
import type {HostResource} from '../model/host-resource.ts';
import {type FileGrant, type GrantOwner, mergeGrants} from './file-grant.ts';

/** What decides which files of the host a guest is given. */
export interface OwnershipRequest {
  readonly resources: readonly HostResource[];
  /** Of the domain. */
  readonly seclabels?: readonly SeclabelDef[];
  /** As whom the guest's processes run. */
  readonly guest: GrantOwner;
  /** False: the last user of a file gives it to root, instead of to the owner that it had before. */
  readonly remembersOwner: boolean;
  /** Whether a file is one that the driver itself makes for its guests. */
  readonly isDriversOwn: (path: string) => boolean;
  /** The files of a device that a directory of sysfs stands for. */
  readonly nodesOf: (path: string) => readonly {readonly path: string; readonly kind: 'char' | 'file'}[];
  /** What a label `USER:GROUP` says. @throws {VirtError} for one that says nothing */
  readonly ownerOf: (label: string) => GrantOwner;
}

type Role = HostResource['role'];

/**
 * What of a device is given to the guest. `own`: what it alone uses. Firmware, ROMs, folders, the configuration by which a server is
 * reached, what belongs to the kernel or to a server that others use as well stay as they are: their modes have to let guests in.
 *
 * Source: libvirt 9.0.0, src/security/security_dac.c, virSecurityDACSetAllLabel; sockets of daemons that serve one guest
 * and the files of sound are given here, too, as there is nobody else who could use them.
 */
const GIVEN: Readonly<Record<Role, 'all' | 'own' | 'nothing'>> = {
  loader: 'nothing',
  nvram: 'all',
  kernel: 'all',
  initrd: 'all',
  dtb: 'all',
  'acpi-table': 'all',
  'firmware-file': 'all',
  memory: 'all',
  disk: 'all',
  'disk-config': 'nothing',
  chardev: 'all',
  log: 'all',
  rng: 'nothing',
  screen: 'nothing',
  gpu: 'nothing',
  audio: 'own',
  input: 'all',
  tpm: 'all',
  smartcard: 'nothing',
  shmem: 'nothing',
  vsock: 'nothing',
  network: 'own',
  rom: 'nothing',
  hostdev: 'all',
  filesystem: 'own',
  lease: 'nothing',
};

/** The kernel's own, which every process of the host uses. */
export const KERNEL_NODES: ReadonlySet<string> = new Set(
  [
    ...[
      'null',
      'zero',
      'full',
      'random',
      'urandom',
      'tty',
      'console',
      'ptmx',
      'kvm',
      'fuse',
      'sev',
      'hpet',
      'rtc',
      'mem',
    ],
    ...['net/tun', 'vfio/vfio', 'vhost-net', 'vhost-vsock', 'userfaultfd', 'sgx_vepc', 'sgx_provision'],
  ].map(name => `/dev/${name}`),
);

/**
 * Which files and devices of the host become the guest's while it runs, and what becomes of them afterwards.
 *
 * @see libvirt 9.0.0, docs/formatdomain, "Security label": a label of the model `dac` that says relabel='no' leaves all
 *   files alone, one of a source that source's only; another label of a source names its owner
 */
export function planOwnership(request: OwnershipRequest): readonly FileGrant[] {
  const own = request.seclabels?.find(({model, type}) => model === 'dac' || (model === undefined && type === 'none'));
  if (own && (own.type === 'none' || own.relabel === false)) return [];
  const grants = request.resources
    .filter(resource => isGiven(resource) && !request.isDriversOwn(resource.path))
    .flatMap(resource => grantsOf(resource, request));
  return mergeGrants(
    grants.filter(({path}) => !KERNEL_NODES.has(path)),
    [],
  );
}

function isGiven({role, shared, type, created}: HostResource): boolean {
  if (type === 'dir') return false;
  // The socket of a server that others use as well is the server's; one that the emulator makes is its own.
  if (type === 'socket' && (created || role === 'disk')) return false;
  return GIVEN[role] === 'all' || (GIVEN[role] === 'own' && !shared);
}

function grantsOf(resource: HostResource, request: OwnershipRequest): readonly FileGrant[] {
  const label = resource.seclabels?.find(({model}) => model === 'dac');
  if (label?.relabel === false) return [];
  const owner = ownerBy(label, request);
  return filesOf(resource, request).map(({path, kind}) => ({
    path,
    what: nameOf(resource),
    kind,
    access: resource.access,
    shared: resource.shared,
    owner,
    ...(resource.created && kind === 'file' ? {create: true} : {}),
    restore: true,
    ...(request.remembersOwner ? {} : {restoreOwner: {uid: 0, gid: 0}}),
  }));
}

function ownerBy(label: DeviceSeclabel | undefined, {guest, ownerOf}: OwnershipRequest): GrantOwner {
  const {uid, gid} = label?.label === undefined ? guest : ownerOf(label.label);
  return {uid, gid};
}

/** The files by which a guest uses a thing of the host. */
export function filesOf(
  {path, type}: HostResource,
  {nodesOf}: Pick<OwnershipRequest, 'nodesOf'>,
): readonly Pick<FileGrant, 'path' | 'kind'>[] {
  switch (type) {
    case 'sysfs':
      return nodesOf(path);
    case 'pipe': // one for both directions, or two; what is not there is nobody's
      return [path, `${path}.in`, `${path}.out`].map(one => ({path: one, kind: type}));
    default:
      return [{path, kind: type}];
  }
}

/** How a message names it. */
export function nameOf({role, device}: HostResource): string {
  if (role === 'disk') return `disk '${device}'`;
  if (device !== undefined) return role === 'log' ? `the log of ${device}` : device;
  return NAMES[role] ?? role;
}

const NAMES: Partial<Readonly<Record<Role, string>>> = {
  nvram: 'the variables of the firmware',
  dtb: 'the device tree',
  'acpi-table': 'the ACPI table',
  'firmware-file': 'a file shown to the firmware',
};
