/** Where an image below another one is, as the header of that one says it. */
export type BackingPlace =
  /** Relative to the directory of the image above, when it is not absolute. */
  | {readonly is: 'file'; readonly path: string; readonly format?: string}
  /** On a server, or in another way that only QEMU follows. */
  | {readonly is: 'elsewhere'};

/**
 * Reads the name of an image below another one, as QEMU does.
 *
 * @param name  outside text
 * @see QEMU 7.2, block.c, bdrv_get_full_backing_filename and path_has_protocol; qapi/block-core.json, BlockdevOptions
 */
export function readBackingName(name: string): BackingPlace {
  if (name.startsWith('json:')) return readJson(name.slice('json:'.length));
  if (name.startsWith('file:')) return {is: 'file', path: name.slice('file:'.length)};
  return /^[^/]*:/.test(name) ? {is: 'elsewhere'} : {is: 'file', path: name};
}

const FILE_DRIVERS: readonly unknown[] = ['file', 'host_device'];

/** `{"driver":"qcow2","file":{"driver":"file","filename":"/a"}}`, nested or with dots in its keys. */
function readJson(text: string): BackingPlace {
  const options = flatOptions(text);
  if (!options) return {is: 'elsewhere'};
  const own = options.get('driver');
  const isBare = FILE_DRIVERS.includes(own) || own === undefined;
  const prefix = options.has('filename') && isBare ? '' : 'file.';
  const path = options.get(`${prefix}filename`);
  const driver = options.get(`${prefix}driver`);
  if (typeof path !== 'string' || !(FILE_DRIVERS.includes(driver) || driver === undefined)) return {is: 'elsewhere'};
  return {is: 'file', path, ...(prefix === '' || typeof own !== 'string' ? {} : {format: own})};
}

function flatOptions(text: string): ReadonlyMap<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // QEMU will say what is wrong with it
  }
  const flat = new Map<string, unknown>();
  const add = (prefix: string, from: object) => {
    for (const [key, inner] of Object.entries(from)) {
      if (typeof inner === 'object' && inner !== null && prefix === '') add(`${key}.`, inner);
      else flat.set(prefix + key, inner);
    }
  };
  if (typeof value !== 'object' || value === null) return undefined;
  add('', value);
  return flat;
}

/** libvirt's names of the formats that an image below may have, by QEMU's. A file or device without a format is raw. */
const FORMATS: Readonly<Record<string, string>> = {
  raw: 'raw',
  file: 'raw',
  host_device: 'raw',
  qcow: 'qcow',
  qcow2: 'qcow2',
  qed: 'qed',
  vmdk: 'vmdk',
  vdi: 'vdi',
  vpc: 'vpc',
  vhdx: 'vhd',
  parallels: 'ploop',
  luks: 'luks',
  bochs: 'bochs',
  cloop: 'cloop',
  dmg: 'dmg',
};

/** Undefined for one that no image below can have. */
export function formatByQemuName(name: string): string | undefined {
  return Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
}
