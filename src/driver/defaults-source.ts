import {arch} from 'node:os';
import {getBuiltinModule} from 'node:process';
import type {DefaultsSource} from './definition-store.ts';

/** The defaults of this host: random UUIDs and MAC addresses, and its own architecture. */
export function defaultsSource(): DefaultsSource {
  return {newUuid: () => loadCrypto().randomUUID(), newMac, defaultArch: hostArch()};
}

/** Loaded when a definition needs it: it costs every start 7 ms. */
function loadCrypto(): typeof import('node:crypto') {
  return getBuiltinModule('node:crypto');
}

/** QEMU's own prefix, then random. Source: QEMU 7.2, net/net.c, qemu_macaddr_default_if_unset. */
function newMac(): string {
  return `52:54:00:${[...loadCrypto().randomBytes(3)].map(byte => byte.toString(16).padStart(2, '0')).join(':')}`;
}

const NODE_ARCHES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  ia32: 'i686',
  arm64: 'aarch64',
  arm: 'armv7l',
  ppc64: 'ppc64le',
};

function hostArch(): string {
  return NODE_ARCHES[arch()] ?? arch();
}
