import {commonStart} from '../base/common-start.ts';
import type {Completion} from './command-line.ts';

/**
 * Completes the path of a file.
 *
 * @param names  what its last part may be, directories with a `/` at the end; hidden ones only where the part begins with a dot
 */
export function completePath(path: string, names: readonly string[]): Completion {
  const at = path.lastIndexOf('/') + 1;
  const [head, start] = [path.slice(0, at), path.slice(at)];
  const offers = names.filter(name => name.startsWith(start)).toSorted();
  if (offers.length === 0) return {text: path, offers: []};
  return {text: head + commonStart(offers), offers: offers.length === 1 ? [] : offers};
}
