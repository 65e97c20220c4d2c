import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';

/** `-iscsi initiator-name=NAME`: what the emulator calls itself to iSCSI servers is said of each disk in the XML. */
export function readIscsi(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'id');
  const name = bag.take('initiator-name');
  if (name === undefined || bag.rest.length > 0) draft.keep(arg);
  else draft.iscsiInitiator = name;
}

/** Gives it to the disks that have none of their own. */
export function nameInitiator({devices, iscsiInitiator}: NativeDraft): void {
  if (iscsiInitiator === undefined) return;
  devices.forEach((device, index) => {
    if (device.kind !== 'disk' || device.source?.type !== 'network' || device.source.protocol !== 'iscsi') return;
    devices[index] = {...device, source: {initiator: iscsiInitiator, ...device.source}};
  });
}
