import type {NetworkHost} from '../../../model/devices/disk-network.ts';

/** `host`, `host:port`, `[v6]` or `[v6]:port`; a text that is neither is a host without a port. */
export function parseHost(text: string): NetworkHost | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text);
  if (!match) return text === '' ? undefined : {name: text};
  const name = match[1] ?? match[2] ?? '';
  const port = match[3] === undefined ? {} : {port: Number(match[3])};
  return name === '' && match[3] === undefined ? undefined : {...(name === '' ? {} : {name}), ...port};
}

/** A URI of a network disk, taken apart and with `%XX` read. */
export interface DiskUri {
  readonly transport: string | undefined;
  readonly user: string | undefined;
  readonly hasPassword: boolean;
  readonly host: NetworkHost | undefined;
  /** Without the leading slash. */
  readonly path: string;
  readonly query: string | undefined;
}

/** `scheme[+transport]://[user[:password]@]host[:port]/path[?query]`. */
export function parseDiskUri(text: string): DiskUri | undefined {
  const match = /^[a-z]+(?:\+([a-z]+))?:\/\/(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text);
  if (!match) return undefined;
  const [, transport, userinfo, authority = '', path = '', query] = match;
  // The password follows a colon; iSCSI's URIs have a percent sign there, which is no escape then.
  const separator = userinfo?.search(/:|%(?![0-9A-Fa-f]{2})/) ?? -1;
  const user = separator < 0 ? userinfo : userinfo?.slice(0, separator);
  return {
    transport,
    user: user === undefined ? undefined : decode(user),
    hasPassword: separator >= 0,
    host: parseHost(authority),
    path: decode(path),
    query,
  };
}

/** The text with `%XX` read; as it stands where that is no UTF-8. */
export function decode(text: string): string {
  if (!/%[0-9A-Fa-f]{2}/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
