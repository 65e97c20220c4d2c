import type {SecretPurpose} from '../../model/secret.ts';
import {type ArgvInput, domainDirectory} from './argv-input.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/** A secret that libvirt keeps, known by its UUID, or by what it is used for. */
export interface StoredSecret {
  readonly from: 'store';
  readonly purpose: SecretPurpose;
  readonly uuid?: string;
  readonly usage?: string;
}

/** Where the value of a secret comes from. */
export type SecretValue = StoredSecret | {readonly from: 'definition'; readonly text: string};

/** A value that the emulator reads from a file when it starts: it never stands on a command line. */
export interface GuestSecret {
  /** QEMU's id of the object. */
  readonly id: string;
  readonly value: SecretValue;
}

/** What the names of these files begin with. */
export const SECRET_FILE_PREFIX = 'secret-';

/** The longest name that is made of a usage; file systems take 255 bytes. */
const MAX_NAME = 200;

/** The file that a secret's value is in while the emulator starts; its name says which secret it is. */
export function secretFile({id, value}: GuestSecret, runDir: string): string {
  return `${runDir}/${SECRET_FILE_PREFIX}${value.from === 'store' ? storedName(value, id) : id}`;
}

function storedName({uuid, purpose, usage}: StoredSecret, id: string): string {
  const name = uuid ?? (usage === undefined ? id : `${purpose}-${usage}`);
  const encoded = encodeURIComponent(name.toWellFormed());
  return encoded.length > MAX_NAME ? id : encoded;
}

/** `-object secret`: stored values are base64 in their files, as libvirt keeps them. */
export function secretArg(secret: GuestSecret, input: ArgvInput): QemuArg {
  const format = secret.value.from === 'store' ? 'base64' : 'raw';
  return optionsArg(
    '-object',
    {id: secret.id, file: secretFile(secret, domainDirectory(input)), format},
    {key: 'qom-type', value: 'secret'},
  );
}
