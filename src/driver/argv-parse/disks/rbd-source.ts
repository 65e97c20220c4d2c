import type {DiskSource} from '../../../model/devices/disk-source.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseHost} from './network-address.ts';

type NetworkSource = Extract<DiskSource, {readonly type: 'network'}>;

/** An RBD image, and whether its name had a key of its own, for which the XML has a secret. */
export interface RbdImage {
  readonly source: NetworkSource;
  readonly hasKey: boolean;
}

/** Where a monitor listens that names no port. Source: libvirt 4.5.0, src/util/virstoragefile.c, virStorageSourceRBDAddHost. */
const MONITOR_PORT = 6789;

/**
 * `pool/image[@snapshot][:key=value...]`, where a backslash protects `:`, `@`, `;` and itself.
 * Source: QEMU 7.2, block/rbd.c, qemu_rbd_parse_filename.
 */
export function parseRbd(text: string): RbdImage {
  const [image = '', ...settings] = splitUnescaped(text, ':');
  const values = new Map(settings.map(setting => splitAt(unescapeRbd(setting), '=')));
  const [name = '', ...snapshot] = splitUnescaped(image, '@');
  const username = values.get('id');
  const hosts = (values.get('mon_host') ?? '').split(/[;,]/).flatMap(text => {
    const host = parseHost(text.trim());
    return host ? {...host, port: host.port ?? MONITOR_PORT} : [];
  });
  return {
    hasKey: values.has('key'),
    source: omitUndefined({
      type: 'network' as const,
      protocol: 'rbd' as const,
      name: unescapeRbd(name),
      hosts: hosts.length === 0 ? undefined : hosts,
      snapshot: snapshot.length === 0 ? undefined : unescapeRbd(snapshot.join('@')),
      config: values.get('conf'),
      auth: username === undefined ? undefined : {username, secret: {type: 'ceph'}},
    }),
  };
}

function unescapeRbd(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** The parts between separators that no backslash protects; the backslashes stay. */
function splitUnescaped(text: string, separator: string): readonly string[] {
  const parts: string[] = [''];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === separator) parts.push('');
    else parts[parts.length - 1] += character === '\\' ? character + (text[++at] ?? '') : character;
  }
  return parts;
}
