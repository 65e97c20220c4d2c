import {expect} from 'vitest';
import type {ArgvSettings} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {EVERYTHING} from '../argv/device-args.ts';
import {argvInput} from '../argv/live-domain.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const EMULATOR = '/usr/bin/qemu-system-x86_64';

/** The words of a domain that starts with an emulator which has every device. */
function wordsOf(def: DomainDef, settings: ArgvSettings): readonly string[] {
  return renderArgv(buildArgv({...argvInput(def, EVERYTHING), settings}));
}

/** Expects that the command line of a PC with these devices comes back as the same line, and nothing of it is only kept. */
export function expectSameLine(devices: string, machine = 'pc', settings: ArgvSettings = {}): void {
  const os = `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>`;
  const words = wordsOf(readDomain(domainXml({os, devices})), settings);
  const {def, problems} = domainFromWords([EMULATOR, ...words]);
  expect(problems).toEqual([]);
  expect(def?.qemu).toBeUndefined();
  // What the definition is stored as means the same, too.
  expect(def && wordsOf(readDomain(formatDomain(def)), settings)).toEqual(words);
}
