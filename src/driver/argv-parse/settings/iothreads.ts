import type {SectionsDef} from '../../../model/domain/sections.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';

type Iothread = NonNullable<SectionsDef['iothreadids']>[number];

/** The threads that serve disks, before the devices that name them, and the pool of the main one. */
export function readIothreads(draft: NativeDraft): void {
  const threads: Iothread[] = [];
  for (const [id, object] of draft.objects) {
    const {backend: bag} = object;
    const type = bag.peek('qom-type');
    if (type !== 'iothread' && type !== 'main-loop') continue;
    const pool = takePool(bag);
    bag.drop('qom-type');
    if (bag.rest.length > 0) continue;
    object.used = true;
    if (type === 'main-loop') draft.sections.defaultiothread = pool;
    else threads.push({id: numberOf(id, draft), ...pool});
  }
  if (threads.length === 0) return;
  draft.sections.iothreads = threads.length;
  const isPlain = threads.every((thread, index) => thread.id === index + 1 && Object.keys(thread).length === 1);
  if (!isPlain) draft.sections.iothreadids = threads;
}

/** libvirt's and our ids end with the number; others get the next free one. */
function numberOf(id: string, draft: NativeDraft): number {
  const taken = new Set(draft.iothreads.values());
  let number = Number(/^iothread([1-9]\d{0,5})$/.exec(id)?.[1] ?? 1);
  while (taken.has(number)) number++;
  draft.iothreads.set(id, number);
  return number;
}

function takePool(bag: OptionBag) {
  return omitUndefined({
    threadPoolMin: bag.takeNumber('thread-pool-min'),
    threadPoolMax: bag.takeNumber('thread-pool-max'),
  });
}
