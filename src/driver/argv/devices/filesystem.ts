import {VirtError} from '../../../base/virt-error.ts';
import type {FilesystemDef} from '../../../model/devices/filesystem.ts';
import {SHARE_MEMORY_HINT, sharesMemory} from '../../../model/shared-memory.ts';
import {type ArgvInput, domainDirectory} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {deviceArg, type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf} from './device-context.ts';
import {anyPlace} from './device-place.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

const SECURITY = {passthrough: 'passthrough', mapped: 'mapped', squash: 'none'} as const;

/**
 * A directory of the host: over 9p by QEMU itself, or over virtiofs by a daemon.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for what QEMU cannot share
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildFilesystemCommandLine; qemu_validate.c, qemuValidateDomainDeviceDefFS
 */
export function buildFilesystemArgs(filesystem: FilesystemDef, input: ArgvInput): readonly QemuArg[] {
  const {type, driver} = filesystem;
  if (type !== 'mount')
    throw unsupported(filesystem, input, `QEMU shares directories only, not <filesystem type='${type}'>`);
  switch (driver?.type) {
    case undefined:
    case 'path':
      return plan9Args(filesystem, 'local', {security_model: SECURITY[filesystem.accessmode]}, input);
    case 'handle':
      // Gone since QEMU 4.0, which says so itself.
      if (filesystem.accessmode === 'passthrough') return plan9Args(filesystem, 'handle', {}, input);
      throw unsupported(filesystem, input, `the driver 'handle' knows no accessmode='${filesystem.accessmode}'`);
    case 'virtiofs':
      return virtiofsArgs(filesystem, input);
    default:
      throw unsupported(filesystem, input, `the driver '${driver?.type}' is for containers`);
  }
}

function plan9Args(
  filesystem: FilesystemDef,
  fsdriver: string,
  security: OptionRecord,
  input: ArgvInput,
): readonly QemuArg[] {
  const {driver, source, target} = filesystem;
  if (source?.dir === undefined) throw unsupported(filesystem, input, "it has no <source dir='PATH'/>");
  const id = aliasOf(filesystem);
  const fsdev = {
    ...security,
    id: `fsdev-${id}`,
    path: source.dir,
    multidevs: filesystem.multidevs === 'default' ? undefined : filesystem.multidevs,
    writeout: driver?.wrpolicy,
    fmode: filesystem.fmode,
    dmode: filesystem.dmode,
    readonly: filesystem.readonly ? true : undefined,
  };
  const device = {
    ...virtioOptions(driver),
    id,
    fsdev: fsdev.id,
    mount_tag: target,
    ...anyPlace(filesystem, input),
  };
  return [
    optionsArg('-fsdev', fsdev, {key: 'fsdriver', value: fsdriver}),
    deviceArg(chooseVirtio('virtio-9p', filesystem.model, 'shared directory', input), device),
  ];
}

/** The socket of a filesystem's daemon: the one that the definition names, or that of the daemon which a start makes. */
export function virtiofsSocket(filesystem: FilesystemDef, directory: string): string {
  return filesystem.source?.socket ?? `${directory}/${aliasOf(filesystem)}-fs.sock`;
}

function virtiofsArgs(filesystem: FilesystemDef, input: ArgvInput): readonly QemuArg[] {
  const {driver, target, readonly} = filesystem;
  if (readonly) throw unsupported(filesystem, input, 'virtiofs cannot share read-only');
  if (!sharesMemory(input.def))
    throw unsupported(filesystem, input, 'its daemon must be able to read the memory of the guest', SHARE_MEMORY_HINT);
  const id = aliasOf(filesystem);
  const chardev = `chr-vu-${id}`;
  const device = {
    ...virtioOptions(driver),
    id,
    chardev,
    tag: target,
    'queue-size': driver?.queue,
    bootindex: bootIndex(input.def, filesystem),
    ...anyPlace(filesystem, input),
  };
  return [
    optionsArg(
      '-chardev',
      {id: chardev, path: virtiofsSocket(filesystem, domainDirectory(input))},
      {key: 'backend', value: 'socket'},
    ),
    deviceArg(chooseVirtio('vhost-user-fs', filesystem.model, 'shared directory', input), device),
  ];
}

function unsupported(
  {target}: FilesystemDef,
  {def}: ArgvInput,
  why: string,
  hint = 'change the filesystem in the domain XML',
): VirtError {
  const what = `its filesystem${target === undefined ? '' : ` '${target}'`}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot give domain '${def.name}' ${what}: ${why}`, {hint});
}
