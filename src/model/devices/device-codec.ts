import type {DeviceSeclabel} from '../domain/seclabel.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import type {XmlNode} from '../xml/write-xml.ts';

/** A file or device of the host that a definition touches. */
export interface HostResource {
  readonly role:
    | 'loader'
    | 'nvram'
    | 'kernel'
    | 'initrd'
    | 'dtb'
    | 'acpi-table'
    | 'firmware-file'
    | 'memory'
    | 'disk'
    | 'disk-config'
    | 'chardev'
    | 'log'
    | 'rng'
    | 'screen'
    | 'gpu'
    | 'audio'
    | 'input'
    | 'tpm'
    | 'smartcard'
    | 'shmem'
    | 'vsock'
    | 'network'
    | 'rom'
    | 'hostdev'
    | 'filesystem'
    | 'lease';
  /** Absolute. */
  readonly path: string;
  /**
   * What the definition says that it is; `block` and `char` are device nodes, `pipe` is a FIFO or a pair `PATH.in`,
   * `PATH.out`, `sysfs` is a directory below `/sys` that stands for a device of the host: its nodes are found from there.
   */
  readonly type: 'file' | 'dir' | 'block' | 'char' | 'socket' | 'pipe' | 'sysfs';
  /** `write`: read and write. */
  readonly access: 'read' | 'write';
  /** Other domains may use it at the same time. */
  readonly shared: boolean;
  /** True when the emulator makes the file if it is missing. */
  readonly created: boolean;
  /** How a message names the device, e.g. `hda`, `serial port 0`; absent for boot files. */
  readonly device?: string;
  /** What its `<source>` says of its owner and label; images below another one have what that one has. */
  readonly seclabels?: readonly DeviceSeclabel[];
}

/** What the reading of a device may ask for from outside. */
export interface DeviceParseContext {
  /** A MAC address for an interface that names none: lower case, `52:54:00:xx:xx:xx`. */
  newMac(): string;
  /** The text is of a running domain: ids and paths given by the emulator are kept. */
  readonly live: boolean;
}

export interface DeviceFormatOptions {
  /** Prints aliases, pty paths and ports as they are now. */
  readonly live: boolean;
  /** libvirt's name of the guest architecture. */
  readonly arch: string;
}

/** Everything that the model knows about one kind of device. */
export interface DeviceCodec<Device> {
  /** Names of its elements below `<devices>`, the one that is printed first. */
  readonly elements: readonly string[];
  /** Collects problems in the reader; undefined when the device is left out because of one. */
  parse(reader: ElementReader, context: DeviceParseContext): Device | undefined;
  format(device: Device, options: DeviceFormatOptions): XmlNode;
  hostResources(device: Device): readonly HostResource[];
}

/**
 * An absolute path without line breaks, as libvirt's schema has it (`absFilePath`); another one is an error.
 * A relative one would be looked for in `/`, where a detached emulator runs.
 */
export function absolutePath(reader: ElementReader, path: string, attribute?: string): string {
  if (!path.startsWith('/')) {
    reader.error(`'${path}' of <${reader.name}> is not an absolute path: begin it with '/'`, attribute);
  } else if (!/^\/[^\n\r]+$/.test(path)) {
    reader.error(`${JSON.stringify(path)} of <${reader.name}> is not the path of a file`, attribute);
  }
  return path;
}
