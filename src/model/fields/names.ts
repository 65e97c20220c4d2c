import {isIpv4, isIpv6} from './ip-address.ts';
import {matching, type Scalar, text, written} from './scalar.ts';

/** Names and paths, with the characters that libvirt's schema allows in them. Source: libvirt 9.0.0, src/conf/schemas/basictypes.rng. */

export const genericName = written(text, /^[A-Za-z0-9_+-]+$/, "made of letters, digits, '_', '+' and '-'");

/** True for a name of a device of the host: an interface, or a path below `/dev`. */
export function isDeviceName(value: string): boolean {
  return /^[A-Za-z0-9_.\\:/-]+$/.test(value);
}

export const deviceName = written(
  text,
  isDeviceName,
  "the name of a device: letters, digits and '_', '.', '-', ':', '/'",
);

const HOST = /^[A-Za-z0-9.-]+$/;

/** A name of the DNS, or an IP address. */
export const hostName = written(
  text,
  value => HOST.test(value) || isIpv6(value),
  'the name of a host or an IP address',
);

export const ipAddress = written(text, value => isIpv4(value) || isIpv6(value), 'an IP address');

export const ipv4Address = written(text, isIpv4, "an IPv4 address like '192.0.2.1'");

/** The name of an element of a pool, of a secret and the like. */
export const objectName = written(text, /^[^/\n]+$/, "a name without '/'");

/** A text of printable ASCII characters. */
export function printable(min: number, max: number): Scalar<string> {
  return matching(new RegExp(`^[ -~]{${min},${max}}$`), `made of ${min} to ${max} printable ASCII characters`);
}

/** A path of the host that need not be absolute, as libvirt takes it; the emulator runs in `/`. */
export const hostPath: Scalar<string> = {
  ...text,
  expected: 'a path',
  doubt: value => (value.startsWith('/') ? undefined : `'${value}' is not an absolute path: it is looked for in '/'`),
};
