import type {EncryptionDef} from '../../../model/devices/disk-source.ts';
import {type SecretUser, takeSecret} from './named-secret.ts';

/** How an image is encrypted; its key is a secret of the store. */
export function takeEncryption(driver: string, user: SecretUser): EncryptionDef | undefined {
  const {bag} = user;
  const format = driver === 'luks' ? 'luks' : bag.takeWord('encrypt.format', ['luks', 'aes'])?.replace('aes', 'qcow');
  if (format !== 'luks' && format !== 'qcow') return undefined;
  const secret = takeSecret(user, driver === 'luks' ? 'key-secret' : 'encrypt.key-secret') ?? {usage: 'unknown'};
  return {format, secrets: [{type: 'passphrase', ...secret}]};
}

/** How an RBD image is encrypted, which Ceph's own library opens. */
export function takeRbdEncryption(user: SecretUser): EncryptionDef | undefined {
  const format = user.bag.takeWord('encrypt.format', ['luks', 'luks2', 'luks-any']);
  if (format === undefined) return undefined;
  const secret = takeSecret(user, 'encrypt.key-secret') ?? {usage: 'unknown'};
  return {format, engine: 'librbd', secrets: [{type: 'passphrase', ...secret}]};
}
