import type {DiskSource} from '../../../model/devices/disk-source.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {OptionValueError} from '../option-value-error.ts';
import {parseOption} from '../parse-option.ts';
import {takeDriveBackend} from './drive-options.ts';
import {readFlash} from './drives.ts';

/** Layers of nodes that are looked through, so that a circle ends. */
const MAX_LAYERS = 16;

/** Drivers of nodes that hold the bytes. */
const LOCAL: readonly string[] = ['file', 'host_device', 'host_cdrom'];

/** `-blockdev`: kept for the node or device that names it. */
export function readBlockdev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'driver');
  const name = bag.take('node-name');
  if (name === undefined) {
    draft.keep(arg, 'it has no node-name');
    return;
  }
  draft.nodes.set(name, {backend: bag, arg, used: false});
}

/** The image of a node, with the nodes below it; undefined where one is missing or the XML cannot say it. */
export function claimNode(name: string, draft: NativeDraft): DriveBackend | undefined {
  const pending = draft.nodes.get(name);
  if (!pending) return undefined;
  const source = sourceOfNode(name, draft, 0);
  if (!source) return undefined;
  const {backend: bag, arg} = pending;
  const backend = takeDriveBackend(arg, withoutLocalDriver(bag), draft);
  bag.drop('file', 'driver', 'read-only', 'auto-read-only', 'filename');
  markUsed(name, draft, 0);
  return {...backend, source};
}

/** A node that is bytes alone has no format. */
function withoutLocalDriver(bag: OptionBag): OptionBag {
  bag.drop('file', 'filename');
  return parseOption(
    bag.rest
      .filter(
        ({key, value}) => key !== 'file' && key !== 'filename' && !(key === 'driver' && LOCAL.includes(value ?? '')),
      )
      .map(({text}) => text.replaceAll(',', ',,'))
      .join(','),
  );
}

function sourceOfNode(name: string, draft: NativeDraft, depth: number): DiskSource | undefined {
  const pending = draft.nodes.get(name);
  if (!pending || depth > MAX_LAYERS) return undefined;
  const {backend: bag, arg} = pending;
  const driver = bag.peek('driver');
  const filename = bag.peek('filename') ?? bag.peek('file.filename');
  if (filename !== undefined) {
    const path = draft.path(arg, filename);
    const isBlock = driver === 'host_device' || driver === 'host_cdrom' || path.startsWith('/dev/');
    return {type: isBlock ? 'block' : 'file', path};
  }
  const below = bag.peek('file');
  if (below !== undefined) return sourceOfNode(below, draft, depth + 1);
  return driver === 'nbd' ? nbdSource(bag) : undefined;
}

function nbdSource(bag: OptionBag): DiskSource {
  const port = Number(bag.peek('server.port') ?? 10809);
  const socket = bag.peek('server.path');
  const host =
    socket === undefined
      ? {...omitUndefined({name: bag.peek('server.host')}), port}
      : {transport: 'unix' as const, socket};
  return {type: 'network', protocol: 'nbd', hosts: [host], ...omitUndefined({name: bag.peek('export')})};
}

function markUsed(name: string, draft: NativeDraft, depth: number): void {
  const pending = draft.nodes.get(name);
  if (!pending || depth > MAX_LAYERS) return;
  pending.used = true;
  const below = pending.backend.peek('file');
  if (below !== undefined) markUsed(below, draft, depth + 1);
}

/** The flash images that `-machine pflash0=` names. */
export function readFlashNodes(draft: NativeDraft): void {
  for (const {arg, node, unit} of draft.flashNodes) {
    const backend = claimNode(node, draft);
    if (!backend) throw new OptionValueError(`the node '${node}' of ${arg.option} is not known`);
    readFlash(arg, backend, unit, draft);
  }
}
