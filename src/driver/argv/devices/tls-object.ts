import type {TlsSettings} from '../argv-input.ts';
import {optionsArg, type QemuArg} from '../qemu-arg.ts';

/** Where libvirt looks for certificates that are of no service in particular. Source: libvirt 9.0.0, src/qemu/qemu.conf.in, default_tls_x509_cert_dir. */
const USUAL_DIR = '/etc/pki/qemu';

export interface TlsObject {
  readonly id: string;
  readonly endpoint: 'server' | 'client';
  /** Whether the other side must show a certificate, too. */
  readonly verify: boolean;
  /** The secret that opens the private key. */
  readonly keySecretId?: string;
}

/** `-object tls-creds-x509`: the certificates of a server or client. */
export function tlsObject({id, endpoint, verify, keySecretId}: TlsObject, {x509Dir = USUAL_DIR}: TlsSettings): QemuArg {
  const options = {id, dir: x509Dir, endpoint, 'verify-peer': verify, passwordid: keySecretId};
  return optionsArg('-object', options, {key: 'qom-type', value: 'tls-creds-x509'});
}
