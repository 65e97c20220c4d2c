import type {encryptionField} from '../../../model/devices/disk-source.ts';
import type {ValueOf} from '../../../model/fields/record.ts';
import type {NativeDraft, Pending} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';

type Encryption = ValueOf<typeof encryptionField>;

/** How an image is encrypted; its key is a secret of the driver's, under the id that the object had. */
export function takeEncryption(
  driver: string,
  {bag, claims}: {readonly bag: OptionBag; readonly claims: Pending<unknown>[]},
  draft: NativeDraft,
): Encryption | undefined {
  const format = driver === 'luks' ? 'luks' : bag.takeWord('encrypt.format', ['luks', 'aes'])?.replace('aes', 'qcow');
  const id = bag.take(driver === 'luks' ? 'key-secret' : 'encrypt.key-secret');
  if (format !== 'luks' && format !== 'qcow') return undefined;
  const object = draft.objects.get(id ?? '');
  if (object?.backend.peek('qom-type') === 'secret') claims.push(object);
  return {format, secrets: [{type: 'passphrase', usage: id ?? 'unknown'}]};
}
