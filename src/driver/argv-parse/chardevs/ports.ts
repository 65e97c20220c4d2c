import type {ChardevBackend, NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseOption} from '../parse-option.ts';
import {parsePortSource} from './chardev-source.ts';

/** The backend that a device names, and marks it as used; undefined where there is none or the XML cannot say it. */
export function claimChardev(id: string | undefined, draft: NativeDraft): ChardevBackend | undefined {
  const pending = id === undefined ? undefined : draft.chardevs.get(id);
  if (!pending?.backend) return undefined;
  pending.used = true;
  return pending.backend;
}

/** `-serial` and `-parallel`, once every `-chardev` is known. */
export function addPort(arg: NativeArg, draft: NativeDraft): void {
  // `mon:` puts the monitor on the line, too; the driver has one of its own.
  const text = arg.value.replace(/^mon:/, '');
  const source = text.startsWith('chardev:')
    ? claimChardev(text.slice('chardev:'.length), draft)?.source
    : parsePortSource(text, path => draft.path(arg, path));
  if (source === 'none') return;
  if (source === undefined) {
    draft.keep(arg);
    return;
  }
  const log = text.startsWith('chardev:') ? draft.chardevs.get(text.slice('chardev:'.length))?.backend?.log : undefined;
  if (arg.option === '-parallel') {
    const port = draft.devices.filter(device => device.kind === 'parallel').length;
    draft.devices.push({kind: 'parallel', source, target: {port}, ...omitUndefined({log})});
  } else {
    const port = draft.devices.filter(device => device.kind === 'serial').length;
    draft.devices.push({kind: 'serial', source, port, ...omitUndefined({log})});
  }
}

/** `-mon`: a monitor is the driver's affair, and so is the line it is on. */
export function readMon(arg: NativeArg, draft: NativeDraft): void {
  const id = parseOption(arg.value, 'chardev').take('chardev');
  if (id !== undefined) draft.monitorChardevs.add(id);
}
