import {readdir} from 'node:fs/promises';
import {VirtError} from '../base/virt-error.ts';
import {errnoOf, fileError, readTextIfThere} from '../host/files.ts';
import {normaliseUuid} from '../model/domain/parse-identity.ts';
import {parseSecret} from '../model/secret.ts';
import type {StoredSecret} from './argv/secret-args.ts';

/** Where a secret is looked for, and for what. */
export interface SecretRequest {
  /** Laid out as libvirt's `/etc/libvirt/secrets`: `UUID.xml` describes a secret, `UUID.base64` has its value. */
  readonly folder: string;
  /** For a message: `disk 'vda' of domain 'demo'`. */
  readonly what: string;
}

/**
 * The value of a secret, in base64.
 *
 * @throws {VirtError} NO_SECRET saying which one is missing, where it was looked for, and what to do
 * @see libvirt 9.0.0, src/conf/virsecretobj.c, virSecretLoad and virSecretLoadValue
 */
export async function readStoredSecret(secret: StoredSecret, request: SecretRequest): Promise<string> {
  const uuid = secret.uuid === undefined ? await findByUsage(secret, request) : normaliseUuid(secret.uuid);
  if (uuid === undefined) throw noSecret(secret, request, 'there is none');
  const path = `${request.folder}/${uuid}.base64`;
  const text = (await readTextIfThere(path))?.replaceAll(/\s+/g, '');
  if (text === undefined) throw noSecret(secret, request, `there is no ${path}`);
  if (
    !/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/.test(
      text,
    )
  )
    throw noSecret(secret, request, `${path} has no value in base64`);
  return text;
}

async function findByUsage({purpose, usage}: StoredSecret, {folder}: SecretRequest): Promise<string | undefined> {
  for (const file of await xmlFiles(folder)) {
    const found = parseSecret((await readTextIfThere(`${folder}/${file}`)) ?? '');
    if (typeof found === 'string') continue; // a file that describes no secret is not the one
    if (found.purpose === purpose && found.usage === usage) return found.uuid;
  }
  return undefined;
}

async function xmlFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter(file => file.endsWith('.xml')).toSorted();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw fileError('read the secrets in', folder, error);
  }
}

function noSecret({uuid, purpose, usage}: StoredSecret, {folder, what}: SecretRequest, why: string): VirtError {
  const which = uuid === undefined ? `for ${purpose} with the usage '${usage ?? ''}'` : `with the UUID ${uuid}`;
  return new VirtError('NO_SECRET', 'SECRET', `cannot open ${what}: no secret ${which} in ${folder}: ${why}`, {
    hint: `put UUID.xml and UUID.base64 of the secret into ${folder}, as libvirt has them in /etc/libvirt/secrets`,
  });
}
