import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {buildArgv} from '../../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../../src/driver/argv/render.ts';
import {capsOfHelpText} from '../../../src/driver/emulators/help-caps.ts';
import {readHelpText} from '../../../src/driver/emulators/help-text.ts';
import {domainXml, readDomain} from '../../model/read-domain.ts';
import {legacyInput} from './legacy-input.ts';

/** What real emulators said, which is not part of this repository: beside it, or where VIRTTY_CORPUS says. */
const CORPUS = process.env.VIRTTY_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus');

/** What real emulators printed for `-help`, by name. */
function helpTexts(): readonly (readonly [string, string])[] {
  if (!existsSync(join(CORPUS, 'qemuhelp'))) return [];
  const read = (...path: readonly string[]) => readFileSync(join(CORPUS, ...path), 'utf8');
  const saved = readdirSync(join(CORPUS, 'qemuhelp')).filter(
    name => !/-device$|\.(json|md)$/.test(name) && /^(qemu|kvm)/.test(name),
  );
  const recorded = readdirSync(join(CORPUS, 'hmp')).filter(name => existsSync(join(CORPUS, 'hmp', name, 'help.txt')));
  return [
    ...saved.map(name => [name, read('qemuhelp', name)] as const),
    ...recorded.map(name => [`recorded ${name}`, read('hmp', name, 'help.txt')] as const),
  ];
}

const OS = "<os><type arch='i686' machine='pc'>hvm</type><boot dev='hd'/></os>";
const IDE = "<disk type='block' device='disk'><source dev='/dev/pool/root'/><target dev='hda' bus='ide'/></disk>";

/** More than the document's example, of what every one of these emulators can be told. */
const MUCH = `${IDE}<disk type='file' device='cdrom'><source file='/a.iso'/><target dev='hdc' bus='ide'/></disk>
  <interface type='user'><mac address='52:54:00:01:02:03'/></interface>
  <serial type='pty'/><parallel type='null'/><input type='tablet' bus='usb'/>
  <graphics type='vnc' port='5901' autoport='no' listen='127.0.0.1' keymap='de'/>
  <video><model type='vga'/></video><sound model='sb16'/>`;

const texts = helpTexts();

describe.skipIf(texts.length === 0)(
  'each word is in the help of the emulator it is for (cases in VIRTTY_CORPUS)',
  () => {
    test.each(texts)('%s', (_, text) => {
      const {options} = readHelpText(text);
      for (const devices of [IDE, MUCH]) {
        const {caps} = {caps: capsOfHelpText(text, 'i686')};
        const def = readDomain(domainXml({os: OS, devices, more: "<clock offset='localtime'/>"}));
        const words = renderArgv(buildArgv({...legacyInput(def, []), caps})).filter(word => word.startsWith('-'));
        expect(words.filter(word => !options.has(word.slice(1)))).toEqual([]);
        expect(words).toContain(options.has('drive') ? '-drive' : '-hda');
      }
    });
  },
);
