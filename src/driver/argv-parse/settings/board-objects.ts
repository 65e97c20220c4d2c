import type {LaunchSecurityDef} from '../../../model/domain/launch-security.ts';
import type {BoardObject, NativeDraft, Pending} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {claimThreads, takeBackedMemory} from './backed-memory.ts';

/** Takes what `-machine` says of objects: what hides the guest's memory, and protected memory for SGX. */
export function takeBoardObjects(arg: NativeArg, bag: OptionBag, draft: NativeDraft): void {
  const guard = bag.take('confidential-guest-support');
  if (guard !== undefined) {
    const words = ['-machine', `confidential-guest-support=${guard}`];
    draft.boardObjects.push({arg, id: guard, words, use: 'launch-security'});
  }
  for (let index = 0; bag.peek(`sgx-epc.${index}.memdev`) !== undefined; index++) {
    const [memdev, node] = [`sgx-epc.${index}.memdev`, `sgx-epc.${index}.node`];
    const id = bag.take(memdev) ?? '';
    const cell = bag.takeNumber(node);
    const said = [`${memdev}=${id}`, ...(cell === undefined ? [] : [`${node}=${cell}`])];
    const words = ['-machine', said.join(',')];
    draft.boardObjects.push({arg, id, words, use: 'protected-memory', ...omitUndefined({node: cell})});
  }
}

/** Reads those objects, once all are known; one that says more than the XML can is kept, with the words that name it. */
export function readBoardObjects(draft: NativeDraft): void {
  for (const object of draft.boardObjects) {
    const pending = draft.objects.get(object.id);
    if (pending && claim(object, pending, draft)) pending.used = true;
    else draft.keep({...object.arg, words: object.words});
  }
}

function claim({use, node}: BoardObject, {backend}: Pending<OptionBag>, draft: NativeDraft): boolean {
  if (use === 'protected-memory') return claimProtectedMemory(backend, node, draft);
  const security = launchSecurity(backend.copy());
  if (security) draft.sections.launchSecurity = security;
  return security !== undefined;
}

function launchSecurity(bag: OptionBag): LaunchSecurityDef | undefined {
  const type = bag.take('qom-type');
  bag.drop('id');
  if (type === 's390-pv-guest') return bag.rest.length === 0 ? {type: 's390-pv'} : undefined;
  if (type !== 'sev-guest') return undefined;
  const [cbitpos, reducedPhysBits] = [bag.takeNumber('cbitpos'), bag.takeNumber('reduced-phys-bits')];
  const policy = bag.takeNumber('policy') ?? 1; // QEMU 7.2, target/i386/sev.c, DEFAULT_GUEST_POLICY
  const kernelHashes = bag.takeSwitch('kernel-hashes');
  // The keys of the guest's owner are in files, which the XML has the text of.
  if (bag.rest.length > 0) return undefined;
  return {type: 'sev', policy, ...omitUndefined({cbitpos, reducedPhysBits, kernelHashes})};
}

function claimProtectedMemory(backend: OptionBag, node: number | undefined, draft: NativeDraft): boolean {
  const memory = backend.peek('qom-type') === 'memory-backend-epc' ? takeBackedMemory(backend, draft) : undefined;
  if (memory?.sizeKiB === undefined || !memory.isWhole) return false;
  claimThreads(backend, draft);
  const {nodemask, sizeKiB} = memory;
  draft.devices.push({
    kind: 'memory',
    model: 'sgx-epc',
    ...(nodemask === undefined ? {} : {source: {nodemask, pmem: false}}),
    target: {sizeKiB, readonly: false, ...omitUndefined({node})},
  });
  return true;
}
