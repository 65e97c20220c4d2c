import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {legacyChardevArg, legacyChardevWord} from './chardev.ts';
import {cannotGive} from './refuse.ts';

/** `-monitor`: a socket of the driver's, or a pty for a line that is run by hand. */
export function buildLegacyMonitor({settings, paths}: ArgvInput): QemuArg[] {
  const word = settings?.monitor === 'pty' ? 'pty' : `unix:${paths.monitorSocket},server,nowait`;
  return [textArg('-monitor', word)];
}

/** Serial lines, parallel ports and channels. What is not there is said, since QEMU makes one of each by itself. */
export function buildLegacyLines(input: ArgvInput): QemuArg[] {
  return [...serialLines(input), ...parallelPorts(input), ...channels(input)];
}

/** The word for a line that the guest is not to have. */
function nowhere({caps}: ArgvInput): string {
  return caps.flags.has('line-null-only') ? 'null' : 'none';
}

function serialLines(input: ArgvInput): QemuArg[] {
  const {def} = input;
  for (const console of devicesOf(def, 'console')) {
    if (console.targetType !== 'serial') throw cannotGive('console', 'this emulator has no virtio consoles', input);
  }
  const lines = devicesOf(def, 'serial').toSorted((a, b) => a.port - b.port);
  if (lines.length === 0) return [textArg('-serial', nowhere(input))];
  return lines.map(line => {
    const what = `serial line ${line.port}`;
    if (line.target?.type === 'usb-serial')
      return textArg('-usbdevice', `serial::${legacyChardevWord(line.source, what, input)}`);
    if (line.target?.type !== undefined) throw cannotGive(what, `it is of type '${line.target.type}'`, input);
    return textArg('-serial', legacyChardevWord(line.source, what, input));
  });
}

function parallelPorts(input: ArgvInput): QemuArg[] {
  const ports = devicesOf(input.def, 'parallel');
  if (ports.length === 0) return [textArg('-parallel', nowhere(input))];
  return ports.map((port, index) =>
    textArg('-parallel', legacyChardevWord(port.source, `parallel port ${port.target?.port ?? index}`, input)),
  );
}

/** Of channels there is one kind: an address in the guest's network that leads to the host. */
function channels(input: ArgvInput): QemuArg[] {
  return devicesOf(input.def, 'channel').flatMap(({source, target}, index) => {
    const id = `channel${index}`;
    const what = `channel ${index}`;
    if (target.type !== 'guestfwd') throw cannotGive(what, `this emulator has no ${target.type} channels`, input);
    const guestfwd = `tcp:${target.address}:${target.port}-chardev:${id}`;
    return [legacyChardevArg(source, id, what, input), optionsArg('-net', {guestfwd}, {key: 'type', value: 'user'})];
  });
}
