/** What a URI of an image is made of. */
export interface DiskUriParts {
  readonly scheme: string;
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** A slash before it is added where it is missing. */
  readonly path: string;
  /** As it stands in the XML, which is escaped already. */
  readonly query?: string | undefined;
}

/** What may stand in the path of a URI as it is. Source: libxml2, uri.c, xmlSaveUri, by which libvirt writes them. */
const SAFE = /[A-Za-z0-9\-_.!~*'()/;@&=+$,]/;

/** The URI of an image, as libvirt writes it. */
export function diskUri({scheme, user, host = '', port, path, query}: DiskUriParts): string {
  const server = host.includes(':') ? `[${host}]` : host;
  const authority = `${user === undefined ? '' : `${encodeURIComponent(user.toWellFormed())}@`}${server}${port === undefined ? '' : `:${port}`}`;
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return `${scheme}://${authority}${escapePath(rooted)}${query === undefined ? '' : `?${query}`}`;
}

function escapePath(path: string): string {
  return [...path.toWellFormed()].map(char => (SAFE.test(char) ? char : encodeURIComponent(char))).join('');
}
