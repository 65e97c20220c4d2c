import type {ArgvInput} from './argv-input.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/**
 * Two monitors on unix sockets: a socket serves one client at a time, and a user's command
 * must not stand in the way of the driver's.
 */
export function buildMonitorArgs({paths}: ArgvInput): QemuArg[] {
  return [...monitor('monitor', paths.monitorSocket), ...monitor('usermonitor', paths.userMonitorSocket)];
}

function monitor(id: string, path: string): QemuArg[] {
  const chardev = `char${id}`;
  return [
    optionsArg('-chardev', {id: chardev, path, server: true, wait: false}, {key: 'backend', value: 'socket'}),
    optionsArg('-mon', {chardev, id, mode: 'control'}),
  ];
}
