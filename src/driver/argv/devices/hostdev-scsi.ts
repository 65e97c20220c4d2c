import {VirtError} from '../../../base/virt-error.ts';
import {addressOfType} from '../../../model/devices/address.ts';
import {scsiPath} from '../../../model/devices/host-paths.ts';
import type {HostdevDef} from '../../../model/devices/hostdev.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {deviceArg, type JsonObject, jsonArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {scsiAddress} from './scsi-place.ts';

type ScsiHost = Extract<HostdevDef['host'], {readonly type: 'scsi'}>;

const ISCSI_PORT = 3260;

/** A SCSI device of the host, or of an iSCSI server, whose commands the guest gives. */
export function scsiHostArgs(hostdev: HostdevDef, host: ScsiHost, input: ArgvInput): readonly QemuArg[] {
  const id = aliasOf(hostdev);
  const node = `${id}-backend`;
  const place = addressOfType(hostdev, 'drive') ?? {controller: 0, bus: 0, target: 0, unit: 0};
  const storage = host.source.protocol === 'iscsi' ? iscsiStorage(host, input) : adapterStorage(host, id, input);
  const options: OptionRecord = {
    ...scsiAddress(place, input),
    drive: node,
    id,
    bootindex: bootIndex(input.def, hostdev),
  };
  return [
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

function iscsiStorage({source}: ScsiHost, input: ArgvInput): JsonObject {
  const {name = '', hosts, initiator, auth} = source;
  if (auth) throw notYetSupported('<auth> of an iSCSI device', input);
  const [host] = hosts ?? [];
  const [, target, lun] = /^(.*?)(?:\/(\d+))?$/.exec(name) ?? [];
  return {
    driver: 'iscsi',
    portal: `${host?.name ?? ''}:${host?.port ?? ISCSI_PORT}`,
    target: target ?? name,
    lun: Number(lun ?? 0),
    transport: 'tcp',
    'initiator-name': initiator,
  };
}
