import {claimChardev} from '../chardevs/ports.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';

/**
 * An address in a guest's own network that leads to a character device is a channel of the XML, with no card: adds it.
 *
 * @returns false where the network is said to be more, or less
 */
export function addGuestForward(bag: OptionBag, draft: NativeDraft): boolean {
  const key = bag.rest.some(pair => pair.key === 'guestfwd.0.str') ? 'guestfwd.0.str' : 'guestfwd';
  const match = /^tcp:(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})-chardev:(.+)$/.exec(bag.peek(key) ?? '');
  const [, address = '', port, id] = match ?? [];
  if (!match || bag.rest.length !== 1) return false;
  const backend = claimChardev(id, draft);
  if (!backend) return false;
  bag.take(key);
  draft.devices.push({kind: 'channel', ...backend, target: {type: 'guestfwd', address, port: Number(port)}});
  return true;
}
