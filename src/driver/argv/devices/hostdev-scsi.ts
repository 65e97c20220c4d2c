import {VirtError} from '../../../base/virt-error.ts';
import {addressOfType} from '../../../model/devices/address.ts';
import {scsiPath} from '../../../model/devices/host-paths.ts';
import type {HostdevDef} from '../../../model/devices/hostdev.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {deviceArg, type JsonObject, jsonArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {type GuestSecret, secretArg} from '../secret-args.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {stored} from './image-secrets.ts';
import {iscsiOptions} from './iscsi-storage.ts';
import {scsiAddress} from './scsi-place.ts';

type ScsiHost = Extract<HostdevDef['host'], {readonly type: 'scsi'}>;

/** A SCSI device of the host, or of an iSCSI server, whose commands the guest gives. */
export function scsiHostArgs(hostdev: HostdevDef, host: ScsiHost, input: ArgvInput): readonly QemuArg[] {
  const id = aliasOf(hostdev);
  const node = `${id}-backend`;
  const place = addressOfType(hostdev, 'drive') ?? {controller: 0, bus: 0, target: 0, unit: 0};
  const storage = host.source.protocol === 'iscsi' ? iscsiStorage(host, id) : adapterStorage(host, id, input);
  const options: OptionRecord = {
    ...scsiAddress(place, input),
    drive: node,
    id,
    bootindex: bootIndex(input.def, hostdev),
  };
  return [
    ...hostdevSecrets(hostdev).map(secret => secretArg(secret, input)),
    jsonArg('-blockdev', {...storage, 'node-name': node, 'read-only': hostdev.readonly}),
    deviceArg(chooseDriver(['scsi-generic'], 'SCSI device of the host', input), options),
  ];
}

function adapterStorage({source}: ScsiHost, alias: string, {def, host}: ArgvInput): JsonObject {
  const filename = host?.scsiNodes?.get(alias);
  if (filename !== undefined) return {driver: 'host_device', filename};
  const what = scsiPath(source.adapterName ?? '', source.address ?? {});
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' the SCSI device ${what}: this host has none there that is generic (/dev/sgN)`,
    {hint: "look at 'lsscsi -g', and at 'modprobe sg'"},
  );
}

function iscsiStorage({source}: ScsiHost, alias: string): JsonObject {
  const {name = '', hosts, initiator, auth} = source;
  const secretId = auth?.secret ? secretIdOf(alias) : undefined;
  const unit = {name, host: hosts?.[0] ?? {}, initiator, username: auth?.username, secretId};
  return {driver: 'iscsi', ...iscsiOptions(unit)};
}

function secretIdOf(alias: string): string {
  return `${alias}-backend-secret0`;
}

/** What QEMU is told in files of a device of the host: the password of an iSCSI server. */
export function hostdevSecrets(hostdev: HostdevDef): readonly GuestSecret[] {
  const {host} = hostdev;
  const auth = host.type === 'scsi' && host.source.protocol === 'iscsi' ? host.source.auth : undefined;
  if (!auth?.secret) return [];
  return [{id: secretIdOf(aliasOf(hostdev)), value: stored('iscsi', auth.secret)}];
}
