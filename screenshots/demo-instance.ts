import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {writeBootSectorImage} from '../test/guests/boot-sector/boot-sector.ts';
import {bootSectorXml, ipxeXml, openBiosXml} from '../test/guests/domain-xml.ts';

const PROGRAM = path.join(import.meta.dirname, '../bin/virtty');

/** The guests on the pictures, by what they are for. */
export const GUESTS = {
  /** The boot sector: an echo that answers at once. */
  echo: 'echo',
  /** iPXE on its serial line. */
  pxe: 'pxe-client',
  /** OpenBIOS of a Power Macintosh; only defined. */
  forth: 'openbios-ppc',
  /** Has the disk of the first: it cannot be started while that runs. */
  copy: 'echo-copy',
} as const;

const STARTED = [GUESTS.echo, GUESTS.pxe];

/** An embedded instance in a directory of its own, with guests in it. */
export interface DemoInstance {
  /** The command line of virtty on this instance, program first. */
  command(...args: readonly string[]): readonly [string, ...string[]];
  /** Forces the guests off and removes everything. */
  dispose(): void;
}

/** Defines the guests and starts two of them. @throws {Error} when virtty cannot, with nothing left behind */
export function openDemoInstance(): DemoInstance {
  const root = mkdtempSync(path.join(tmpdir(), 'virtty-'));
  const instance: DemoInstance = {
    command: (...args) => [PROGRAM, '-c', `qemu:///embed?root=${root}`, ...args],
    dispose() {
      // A guest that is off already is no failure.
      for (const name of STARTED) spawnSync(PROGRAM, instance.command('destroy', name).slice(1), {stdio: 'ignore'});
      rmSync(root, {recursive: true, force: true});
    },
  };
  try {
    for (const [index, xml] of definitions(root).entries()) {
      const file = path.join(root, `${index}.xml`);
      writeFileSync(file, xml);
      run(instance.command('define', file));
    }
    for (const name of STARTED) run(instance.command('start', name));
  } catch (error) {
    instance.dispose();
    throw error;
  }
  return instance;
}

function definitions(root: string): readonly string[] {
  const imagePath = path.join(root, 'boot-sector.img');
  writeBootSectorImage(imagePath);
  return [
    bootSectorXml({name: GUESTS.echo, imagePath}),
    ipxeXml({name: GUESTS.pxe}),
    openBiosXml({name: GUESTS.forth}),
    bootSectorXml({name: GUESTS.copy, imagePath}),
  ];
}

function run([file, ...args]: readonly [string, ...string[]]): void {
  execFileSync(file, args, {stdio: ['ignore', 'ignore', 'inherit']});
}
