import type {NativeDraft} from '../native-draft.ts';
import {setBacking} from './machine.ts';

/** What a backend may say besides what the XML has a word for or the driver chooses. */
const CHOSEN = ['size', 'x-use-canonical-path-for-ramblock-id'];

/** The backend of all memory, which `-machine memory-backend=` names; one that says more than the XML can is kept. */
export function readMemoryBackend(draft: NativeDraft): void {
  const {memoryBackend} = draft;
  const pending = memoryBackend === undefined ? undefined : draft.objects.get(memoryBackend.id);
  if (!memoryBackend || !pending) return;
  const {backend: bag} = pending;
  const type = bag.peek('qom-type');
  if (type !== 'memory-backend-ram' && type !== 'memory-backend-memfd') {
    draft.keep({...memoryBackend.arg, words: ['-machine', `memory-backend=${memoryBackend.id}`]});
    return;
  }
  pending.used = true;
  bag.drop('qom-type', ...CHOSEN);
  if (type === 'memory-backend-memfd') setBacking(draft, {sourceType: 'memfd'});
  const share = bag.takeSwitch('share');
  if (share !== undefined) setBacking(draft, {accessMode: share ? 'shared' : 'private'});
  if (bag.takeSwitch('prealloc')) setBacking(draft, {allocation: {mode: 'immediate'}});
  draft.warnRest(pending.arg, bag);
}
