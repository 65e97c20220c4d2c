import {existsSync} from 'node:fs';
import type {ArgvSettings} from '../../src/driver/argv/argv-input.ts';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {assignUsbPorts} from '../../src/model/post-parse/assign-usb.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {withEmulator} from './run-emulator.ts';

/** The emulator that tests ask what it takes; they are skipped without it. */
export const X86 = '/usr/bin/qemu-system-x86_64';
export const hasX86 = existsSync(X86);

/** What the emulator says of itself. */
export async function probeX86(): Promise<EmulatorCaps> {
  const probed = await probeEmulator(X86);
  if (probed.status !== 'ok') throw new Error(probed.why);
  return probed.caps;
}

export interface RealGuest {
  readonly caps: EmulatorCaps;
  /** `DIR` in it is a directory of the test. */
  readonly devices: string;
  readonly machine?: string;
  readonly settings?: ArgvSettings;
  /** Makes what the guest needs in the directory. */
  readonly prepare?: (directory: string) => Promise<void>;
}

/**
 * What the monitor of a paused guest answers to HMP commands, one answer each.
 * An emulator that refuses the guest's command line fails with its own words.
 */
export async function askGuest(guest: RealGuest, ...commands: readonly string[]): Promise<readonly string[]> {
  const {caps, devices, machine = 'pc', settings, prepare} = guest;
  return withTempRoot(async root => {
    await prepare?.(root.path);
    const os = `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>`;
    const xml = domainXml({
      os,
      memory: "<memory unit='MiB'>32</memory>",
      devices: devices.replaceAll('DIR', root.path),
    });
    const run = {
      def: assignUsbPorts(readDomain(xml)),
      path: X86,
      caps,
      runDir: root.path,
      ...(settings ? {settings} : {}),
    };
    return withEmulator(run, async monitor => {
      const answers: string[] = [];
      for (const command of commands) {
        answers.push(String(await monitor.execute('human-monitor-command', {'command-line': command})));
      }
      return answers;
    });
  });
}
