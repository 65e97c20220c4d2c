import type {NativeDraft} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';

/** The number of the backend whose sound goes along with a screen or a card; ids are `audio1` and so on. */
export function takeAudio(bag: OptionBag, draft: NativeDraft): number | undefined {
  const id = draft.audios.get(bag.peek('audiodev') ?? '');
  if (id !== undefined) bag.take('audiodev');
  return id;
}
