import {VirtError} from '../base/virt-error.ts';

/** Which driver instance a local connection URI names. */
export type InstanceAddress =
  | {readonly kind: 'session'}
  | {readonly kind: 'system'}
  /** Everything below one directory, hosted by the program that opens it. */
  | {readonly kind: 'embed'; readonly root: string};

const EXAMPLES = 'qemu:///session, qemu:///system, qemu:///embed?root=DIR';

/**
 * Reads a connection URI of the QEMU driver.
 *
 * @throws {VirtError} NO_SUPPORT for a URI of another driver or a transport that is not there, INVALID_ARG for one that is no URI
 * @see the document's "Connections to QEMU driver"; `qemu:///embed` is libvirt's since 6.1.0 (docs/drvqemu)
 */
export function parseUri(text: string): InstanceAddress {
  const match = /^([A-Za-z][A-Za-z0-9.-]*)(?:\+([A-Za-z0-9]+))?:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/.exec(text);
  if (!match) {
    throw new VirtError(
      'INVALID_ARG',
      'URI',
      `cannot read the connection URI '${text}': it is not of the form qemu:///PATH`,
      {hint: `use one of ${EXAMPLES}`},
    );
  }
  const [, scheme = '', transport, host = '', path = '', query = ''] = match;
  if (scheme !== 'qemu') {
    throw new VirtError('NO_SUPPORT', 'URI', `cannot open '${text}': there is no driver '${scheme}' here`, {
      hint: `use one of ${EXAMPLES}`,
    });
  }
  if (host !== '' || (transport !== undefined && transport !== 'unix')) {
    throw new VirtError('NO_SUPPORT', 'URI', `cannot open '${text}': remote connections are not supported yet`, {
      hint: `run virtty on that host, with one of ${EXAMPLES}`,
    });
  }
  if (path === '/session') return {kind: 'session'};
  if (path === '/system') return {kind: 'system'};
  if (path === '/embed') {
    const root = new Map(query.split('&').map(pair => splitPair(pair))).get('root');
    if (!root)
      throw new VirtError('INVALID_ARG', 'URI', `cannot open '${text}': it names no root directory`, {
        hint: 'write qemu:///embed?root=DIR',
      });
    return {kind: 'embed', root};
  }
  throw new VirtError('INVALID_ARG', 'URI', `cannot open '${text}': the QEMU driver has no instance '${path}'`, {
    hint: `use one of ${EXAMPLES}`,
  });
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The URI that names an instance, as `virsh uri` prints it. */
export function formatUri(address: InstanceAddress): string {
  return address.kind === 'embed' ? `qemu:///embed?root=${encodeURI(address.root)}` : `qemu:///${address.kind}`;
}
