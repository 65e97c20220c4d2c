import {USER_ALIAS_PREFIX} from '../../../model/devices/device-base.ts';
import {INPUT_TOGGLES} from '../../../model/devices/input.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseOption} from '../parse-option.ts';

/** The object that is a keyboard or mouse of the host: to the XML it is a device. */
export const INPUT_OBJECT = 'input-linux';

/** Adds such a device; one that says more than the XML can is kept. */
export function addInputObject(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'qom-type');
  bag.take('qom-type');
  const [id, dev] = [bag.take('id'), bag.take('evdev')];
  const grabsAll = bag.takeSwitch('grab_all');
  const repeat = bag.takeSwitch('repeat');
  const grabToggle = bag.takeWord('grab-toggle', INPUT_TOGGLES);
  if (bag.rest.length > 0 || !dev?.startsWith('/')) {
    draft.keep(arg);
    return;
  }
  const source = {dev, ...omitUndefined({grab: grabsAll ? ('all' as const) : undefined, grabToggle, repeat})};
  const alias = id?.startsWith(USER_ALIAS_PREFIX) ? id : undefined;
  draft.devices.push({kind: 'input', type: 'evdev', source, ...omitUndefined({alias})});
}
