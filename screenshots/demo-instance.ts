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
  /** Its disk is no qcow2 image: it cannot be started. */
  broken: 'broken-disk',
} as const;

/** An embedded instance in a directory of its own, with guests in it. */
export interface DemoInstance {
  /** The command line of virtty on this instance, program first. */
  command(...args: readonly string[]): readonly [string, ...string[]];
  /** Forces the guests off and removes everything. */
  dispose(): void;
}

/** Defines the guests and starts two of them. @throws {Error} when virtty cannot */
export function openDemoInstance(): DemoInstance {
  const root = mkdtempSync(path.join(tmpdir(), 'virtty-'));
  const command: DemoInstance['command'] = (...args) => [PROGRAM, '-c', `qemu:///embed?root=${root}`, ...args];
  const run = (...args: readonly string[]) =>
    execFileSync(PROGRAM, command(...args).slice(1), {stdio: ['ignore', 'ignore', 'inherit']});
  const image = path.join(root, 'boot-sector.img');
  writeBootSectorImage(image);
  const broken = bootSectorXml({name: GUESTS.broken, imagePath: image}).replace(`type='raw'`, `type='qcow2'`);
  const definitions = [
    bootSectorXml({name: GUESTS.echo, imagePath: image}),
    ipxeXml({name: GUESTS.pxe}),
    openBiosXml({name: GUESTS.forth}),
    broken,
  ];
  for (const [index, xml] of definitions.entries()) {
    const file = path.join(root, `${index}.xml`);
    writeFileSync(file, xml);
    run('define', file);
  }
  const started = [GUESTS.echo, GUESTS.pxe];
  for (const name of started) run('start', name);
  return {
    command,
    dispose() {
      // A guest that a scene has forced off already is no failure.
      for (const name of started) spawnSync(PROGRAM, command('destroy', name).slice(1), {stdio: 'ignore'});
      rmSync(root, {recursive: true, force: true});
    },
  };
}
