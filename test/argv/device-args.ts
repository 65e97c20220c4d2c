import type {ArgvSettings} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArg} from '../../src/driver/argv/render.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {argvInput} from './live-domain.ts';
import {X86_CAPS} from './sample-caps.ts';

/** An emulator that has every device there is. */
export const EVERYTHING: EmulatorCaps = {
  ...X86_CAPS,
  devices: new (class extends Set<string> {
    override has(): boolean {
      return true;
    }
  })(),
};

/** The options of some flags that a PC with these devices gets, in their order, each as one line. */
export function deviceArgs(
  devices: string,
  flags: readonly string[],
  settings: ArgvSettings = {},
  machine = 'pc',
): readonly string[] {
  const os = `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>`;
  const input = {...argvInput(readDomain(domainXml({os, devices})), EVERYTHING), settings};
  return buildArgv(input)
    .map(arg => renderArg(arg).join(' '))
    .filter(line => flags.some(flag => line === flag || line.startsWith(`${flag} `)));
}
