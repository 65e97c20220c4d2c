import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';
import {INPUT_OBJECT} from './input-object.ts';

/** The key under which libvirt hands over secrets. Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuDomainGetMasterKeyAlias. */
const MASTER_KEY = 'masterKey0';

/** `-object`: kept for the device that names it, or read once all options are known. */
export function readObject(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'qom-type');
  const id = bag.take('id');
  if (id === undefined) {
    draft.keep(arg, 'it has no id');
    return;
  }
  if (id === MASTER_KEY) {
    draft.note(arg, 'the driver makes its own key for secrets at every start');
    return;
  }
  if (bag.peek('qom-type') === INPUT_OBJECT) {
    draft.deviceArgs.push(arg);
    return;
  }
  draft.objects.set(id, {backend: bag, arg, used: false});
}
