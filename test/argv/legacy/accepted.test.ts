import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {createConnection, type Socket} from 'node:net';
import {expect, test} from 'vitest';
import {buildArgv} from '../../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../../src/driver/argv/render.ts';
import {waitForChange} from '../../../src/host/wait-for.ts';
import type {EmulatorFlag} from '../../../src/model/emulator-flags.ts';
import {domainXml, readDomain} from '../../model/read-domain.ts';
import {type TempRoot, withTempRoot} from '../../support/temp-root.ts';
import {legacyInput} from './legacy-input.ts';

const EMULATOR = '/usr/bin/qemu-system-i386';

/** Of the flags of then those whose syntax QEMU 7.2 still takes. */
const FLAGS: readonly EmulatorFlag[] = [
  ...(['name', 'uuid', 'smp-topology', 'boot-menu', 'rtc', 'drive', 'drive-format', 'drive-cache-v2'] as const),
  ...(['drive-error-policy', 'chardev', 'vga', 'no-reboot', 'vnc-colon', 'incoming-tcp'] as const),
];

function everyDevice(root: TempRoot): string {
  const driver = "<driver name='qemu' type='raw' cache='writeback' error_policy='enospace'/>";
  return `<disk type='file' device='disk'>${driver}<source file='${root.join('a,b =.img')}'/><target dev='hda' bus='ide'/></disk>
    <disk type='file' device='cdrom'><target dev='hdc' bus='ide'/></disk>
    <serial type='unix'><source mode='bind' path='${root.join('line 0')}'/></serial>
    <serial type='file'><source path='${root.join('line,1')}'/></serial>
    <parallel type='null'/>
    <channel type='unix'><source mode='bind' path='${root.join('channel,0')}'/>
      <target type='guestfwd' address='10.0.2.1' port='4600'/></channel>
    <input type='tablet' bus='usb'/>`;
}

test('QEMU takes a line of the old syntax, with commas in its paths, where it still knows it', {
  timeout: 30_000,
}, async () => {
  if (!existsSync(EMULATOR)) return;
  await withTempRoot(async root => {
    await writeFile(root.join('a,b =.img'), Buffer.alloc(1024 * 1024));
    const os = "<os><type arch='i686' machine='pc'>hvm</type><boot dev='cdrom'/><boot dev='hd'/></os>";
    const more = "<clock offset='variable' adjustment='5'/><on_reboot>destroy</on_reboot>";
    const input = legacyInput(readDomain(domainXml({os, more, devices: everyDevice(root)})), FLAGS);
    const monitorSocket = root.join('monitor');
    const args = renderArgv(buildArgv({...input, paths: {...input.paths, monitorSocket}}));
    expect(await firstWords(args, monitorSocket, root.join(''))).toContain('QEMU');
  });
});

/** What the monitor says first: it speaks when the machine is built. Fails with the emulator's own words. */
async function firstWords(args: readonly string[], monitorSocket: string, directory: string): Promise<string> {
  const child = spawn(EMULATOR, args, {stdio: ['ignore', 'ignore', 'pipe']});
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const ended = once(child, 'close').then((): never => {
    throw new Error(`the emulator ended (${child.exitCode ?? child.signalCode}): ${words}`);
  });
  ended.catch(() => {}); // raced below
  try {
    const connected = waitForChange(directory, () => tryConnect(monitorSocket), {timeoutMs: 15_000});
    const socket = await Promise.race([ended, connected]);
    if (!socket) throw new Error(`nothing listens on ${monitorSocket}`);
    const [chunk] = await Promise.race([ended, once(socket, 'data')]);
    socket.destroy();
    return String(chunk);
  } finally {
    child.kill('SIGKILL');
    await ended.catch(() => {}); // that it ends now is what is wanted
  }
}

function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
