import type {DiskDef} from '../../../model/devices/disk.ts';
import type {ArgvSettings} from '../argv-input.ts';
import type {GuestSecret, StoredSecret} from '../secret-args.ts';
import {type ImageLayer, imageLayers, lowestFirst} from './image-layers.ts';

/** QEMU's ids of the secrets of an image, as libvirt calls them. Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuAliasForSecret. */
export const authSecretId = ({name}: ImageLayer): string => `${name}-storage-auth-secret0`;
export const cookieSecretId = ({name}: ImageLayer): string => `${name}-storage-httpcookie-secret0`;
export const encryptionSecretId = ({name}: ImageLayer): string => `${name}-format-encryption-secret0`;
export const tlsKeySecretId = ({name}: ImageLayer): string => `${name}-storage-tls-key-secret0`;

/** Everything about a disk that QEMU is told in files. */
export function diskSecrets(disk: DiskDef, settings: ArgvSettings | undefined): readonly GuestSecret[] {
  const top = imageLayers(disk);
  return top ? lowestFirst(top).flatMap(layer => imageSecrets(layer, settings)) : [];
}

/** Whether an image is reached over TLS. */
export function usesTls({source}: ImageLayer): boolean {
  return source.type === 'network' && source.tls === true;
}

/** The secrets of one image: of its server, the cookies that it sends there, and what it is encrypted with. */
export function imageSecrets(layer: ImageLayer, settings: ArgvSettings | undefined): readonly GuestSecret[] {
  const {source, auth, encryption} = layer;
  const secrets: GuestSecret[] = [];
  if (auth?.secret && source.type === 'network') {
    const purpose = source.protocol === 'rbd' ? 'ceph' : 'iscsi';
    secrets.push({id: authSecretId(layer), value: stored(purpose, auth.secret)});
  }
  const cookies = source.type === 'network' ? source.cookies : undefined;
  if (cookies) secrets.push({id: cookieSecretId(layer), value: {from: 'definition', text: cookieText(cookies)}});
  const tlsKey = settings?.diskTls?.keySecretUuid;
  if (tlsKey !== undefined && usesTls(layer)) {
    secrets.push({id: tlsKeySecretId(layer), value: stored('tls', {uuid: tlsKey})});
  }
  const [passphrase] = encryption?.secrets ?? [];
  if (passphrase) secrets.push({id: encryptionSecretId(layer), value: stored('volume', passphrase)});
  return secrets;
}

/** A secret of libvirt by what the XML says of it. */
export function stored(
  purpose: StoredSecret['purpose'],
  {uuid, usage}: {readonly uuid?: string; readonly usage?: string},
): StoredSecret {
  return {from: 'store', purpose, ...(uuid === undefined ? {} : {uuid}), ...(usage === undefined ? {} : {usage})};
}

function cookieText(cookies: readonly {readonly name: string; readonly value?: string}[]): string {
  return cookies.map(({name, value}) => `${name}=${value ?? ''}`).join('; ');
}
