import {normaliseUuid} from '../../../model/domain/parse-identity.ts';
import {SECRET_PURPOSES} from '../../../model/secret.ts';
import {SECRET_FILE_PREFIX} from '../../argv/secret-args.ts';
import type {NativeDraft, Pending} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import type {OptionBag} from '../option-bag.ts';

/** A secret as the XML names it. */
export type NamedSecret = {readonly uuid: string} | {readonly usage: string};

/** Where the id of a secret stands. */
export interface SecretUser {
  readonly bag: OptionBag;
  readonly arg: NativeArg;
  readonly draft: NativeDraft;
  readonly claims: Pending<unknown>[];
}

/**
 * Takes the id of a secret of the line. A definition holds no value: the secret is the one that the name of its file
 * says, where the driver wrote it, and else one that has to be stored under its id.
 */
export function takeSecret({bag, arg, draft, claims}: SecretUser, key: string): NamedSecret | undefined {
  const id = bag.take(key);
  if (id === undefined) return undefined;
  const object = draft.objects.get(id);
  if (object?.backend.peek('qom-type') === 'secret') claims.push(object);
  const named = nameOf(object?.backend.peek('file') ?? '');
  if (named) return named;
  draft.note(arg, `a definition holds no secret: store that of '${id}' under this usage`);
  return {usage: id};
}

/** Source of the names: `secretFile`. */
function nameOf(path: string): NamedSecret | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.startsWith(SECRET_FILE_PREFIX)) return undefined;
  const text = decoded(name.slice(SECRET_FILE_PREFIX.length));
  const uuid = normaliseUuid(text);
  if (uuid !== undefined) return {uuid};
  const purpose = SECRET_PURPOSES.find(word => text.startsWith(`${word}-`));
  return purpose === undefined ? undefined : {usage: text.slice(purpose.length + 1)};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text; // somebody else's name
    throw error;
  }
}
