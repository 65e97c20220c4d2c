import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {writeProgram} from './fake-emulator.ts';

const HELP = `QEMU PC emulator version 0.8.2, Copyright (c) 2003-2005 Fabrice Bellard
usage: qemu [options] disk_image

-M machine      select emulated machine (-M ? for list)
-vnc display    start a VNC server on display
`;

const MACHINES = `Supported machines are:
pc         Standard PC (alias of pc-0.11)
pc-0.11    Standard PC, qemu 0.11 (default)
isapc      ISA-only PC
`;

/** Knows one option, and says of the others what QEMU 0.8 says. */
function oldEmulator(option: string): string {
  return `case "$1" in ${option}) cat "$0.help"; exit 1;; -M) printf '%s' '${MACHINES}'; exit 1;; *) echo "qemu: invalid option -- '$1'" >&2; exit 1;; esac`;
}

test('an emulator that answers no QMP is asked for its help, in both ways', () =>
  withTempRoot(async root => {
    for (const option of ['-help', '-h']) {
      const path = root.join('qemu');
      await writeFile(`${path}.help`, HELP);
      await writeProgram(path, oldEmulator(option));
      expect(await probeEmulator(path)).toMatchObject({
        status: 'ok',
        caps: {version: '0.8.2', arch: 'i686', flags: new Set(['tcg', 'line-null-only', 'vnc']), kvmBuiltIn: false},
      });
    }
  }));

test('the boards are those that it lists, with their aliases', () =>
  withTempRoot(async root => {
    const path = root.join('kvm');
    await writeFile(`${path}.help`, HELP);
    await writeProgram(path, oldEmulator('-help'));
    const result = await probeEmulator(path);
    const names = result.status === 'ok' ? result.caps.machines.map(({name, aliasOf}) => aliasOf ?? name) : [];
    expect(names).toEqual(['isapc', 'pc-0.11', 'pc-0.11']);
    expect(result).toMatchObject({caps: {machines: [{isDefault: false}, {name: 'pc'}, {isDefault: true}]}});
  }));

test('the architecture is that of the name', () =>
  withTempRoot(async root => {
    const path = root.join('qemu-system-arm');
    await writeFile(`${path}.help`, HELP);
    await writeProgram(path, oldEmulator('-help'));
    expect(await probeEmulator(path)).toMatchObject({status: 'ok', caps: {arch: 'armv7l'}});
  }));

test('an emulator that should answer QMP and does not has failed', () =>
  withTempRoot(async root => {
    const path = root.join('qemu');
    await writeFile(`${path}.help`, `${HELP}-sandbox <arg>  Enable seccomp mode 2 system call filter.\n`);
    await writeProgram(path, oldEmulator('-help'));
    expect(await probeEmulator(path)).toMatchObject({status: 'failed', why: expect.stringContaining('status 1')});
  }));
