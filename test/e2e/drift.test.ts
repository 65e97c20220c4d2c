import {chmodSync, chownSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {hasQemu, Instance} from './instance.ts';

const isRoot = process.getuid?.() === 0;
const [UID, GID] = [61_155, 61_209];

describe.skipIf(!hasQemu || !isRoot)('a guest that differs (needs root and qemu-system-x86_64)', () => {
  let instance: Instance;
  beforeEach(async () => {
    instance = await Instance.make();
    chmodSync(instance.root.path, 0o711);
    instance.define('sector');
    writeFileSync(instance.root.join('etc/qemu.conf'), `user = "+${UID}"\ngroup = "+${GID}"\n`);
    instance.do('start', 'sector');
  });
  afterEach(() => instance.dispose());

  test('says so in the list, in a message and in the detail, until it is as asked again', async () => {
    const image = instance.root.join('sector.img');
    const terminal = instance.open();
    await terminal.see(/sector\s.*running /);
    chownSync(image, 0, 0);
    await terminal.see(/! sector\s.*running, differs/);
    await terminal.see("'sector' is not confined as asked");
    expect(instance.do('security')).toMatch(/sector +1 differs +disk 'hda'/);
    terminal.type('\x1b');
    terminal.type('2');
    await terminal.see('Differs');
    await terminal.see(`chown ${UID}:${GID}`);
    chownSync(image, UID, GID);
    await terminal.see("'sector' is confined as asked again");
    terminal.type('1');
    await terminal.see(/sector\s.*running {3}/);
    expect(instance.do('security')).toMatch(/sector +as asked/);
  });
});
