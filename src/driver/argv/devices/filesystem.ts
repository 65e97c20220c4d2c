import type {FilesystemDef} from '../../../model/devices/filesystem.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, notYetSupported} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

const SECURITY = {passthrough: 'passthrough', mapped: 'mapped', squash: 'none'} as const;

/** A directory of the host over 9p; virtiofs needs a daemon, and is refused. */
export function buildFilesystemArgs(filesystem: FilesystemDef, input: ArgvInput): readonly QemuArg[] {
  const {driver, source} = filesystem;
  const isPath = driver?.type === undefined || driver.type === 'path';
  if (filesystem.type !== 'mount' || !isPath || source?.dir === undefined) {
    throw notYetSupported(`<filesystem type='${filesystem.type}'> of the driver '${driver?.type ?? 'path'}'`, input);
  }
  const id = aliasOf(filesystem);
  const fsdev = {
    id: `fsdev-${id}`,
    path: source.dir,
    security_model: SECURITY[filesystem.accessmode],
    multidevs: filesystem.multidevs === 'default' ? undefined : filesystem.multidevs,
    writeout: driver?.wrpolicy,
    fmode: filesystem.fmode,
    dmode: filesystem.dmode,
    readonly: filesystem.readonly ? true : undefined,
  };
  const device = {
    id,
    fsdev: fsdev.id,
    mount_tag: filesystem.target,
    ...virtioOptions(driver),
    ...pciPlace(filesystem, input),
  };
  return [
    optionsArg('-fsdev', fsdev, {key: 'fsdriver', value: 'local'}),
    deviceArg(chooseVirtio('virtio-9p', filesystem.model, 'shared directory', input), device),
  ];
}
