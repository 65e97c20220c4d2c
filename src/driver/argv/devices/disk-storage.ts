import type {DiskDef} from '../../../model/devices/disk.ts';
import type {DiskSource} from '../../../model/devices/disk-source.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {JsonObject} from '../qemu-arg.ts';
import {notYetSupported} from './device-context.ts';

/** The options of the node that reads and writes the bytes. @throws {VirtError} CONFIG_UNSUPPORTED for a source that QEMU is not told yet */
export function storageOptions(source: DiskSource, disk: DiskDef, input: ArgvInput): JsonObject {
  switch (source.type) {
    case 'file':
      return {driver: 'file', filename: source.path, aio: disk.driver.io};
    case 'block':
      return {
        driver: isHostCdrom(source.path, disk) ? 'host_cdrom' : 'host_device',
        filename: source.path,
        aio: disk.driver.io,
      };
    case 'network':
      return networkOptions(source, input);
    default:
      throw notYetSupported(`<disk type='${source.type}'>`, input);
  }
}

/** A drive of the host whose tray the guest may open; other block devices can hold the image of a CD as well. */
function isHostCdrom(path: string, {device}: DiskDef): boolean {
  return device === 'cdrom' && /^\/dev\/(cdrom|dvd|sr)\d*$/.test(path);
}

type NetworkSource = Extract<DiskSource, {readonly type: 'network'}>;

const ISCSI_PORT = 3260;
const NBD_PORT = 10809;
const WEB_PORTS: Readonly<Record<string, number>> = {http: 80, https: 443, ftp: 21, ftps: 990};

function networkOptions(source: NetworkSource, input: ArgvInput): JsonObject {
  if (source.auth) throw notYetSupported(`<auth> of a disk over ${source.protocol}`, input);
  if (source.tls === true) throw notYetSupported(`tls='yes' of a disk over ${source.protocol}`, input);
  switch (source.protocol) {
    case 'nbd':
      return {
        driver: 'nbd',
        server: nbdServer(source),
        export: source.name,
        'reconnect-delay': source.reconnectDelaySeconds,
      };
    case 'iscsi':
      return iscsiOptions(source);
    case 'http':
    case 'https':
    case 'ftp':
    case 'ftps':
      return webOptions(source, source.protocol);
    default:
      throw notYetSupported(`a disk over ${source.protocol}`, input);
  }
}

function nbdServer({hosts}: NetworkSource): JsonObject {
  const [host] = hosts ?? [];
  if (host?.transport === 'unix') return {type: 'unix', path: host.socket};
  return {type: 'inet', host: host?.name, port: String(host?.port ?? NBD_PORT)};
}

/** `name` is the target, with the number of the unit behind a slash. */
function iscsiOptions({name = '', hosts, initiator}: NetworkSource): JsonObject {
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

function webOptions(
  {name = '', hosts, query, sslVerify, readaheadBytes, timeoutSeconds}: NetworkSource,
  protocol: string,
): JsonObject {
  const [host] = hosts ?? [];
  const path = name.startsWith('/') ? name : `/${name}`;
  return {
    driver: protocol,
    url: `${protocol}://${host?.name ?? ''}:${host?.port ?? WEB_PORTS[protocol]}${path}${query === undefined ? '' : `?${query}`}`,
    sslverify: sslVerify,
    readahead: readaheadBytes,
    timeout: timeoutSeconds,
  };
}
