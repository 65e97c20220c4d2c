import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {buildLifecycleArgs} from '../../src/driver/argv/lifecycle-args.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {waitForChange} from '../../src/host/wait-for.ts';
import type {LifecycleAction} from '../../src/model/domain-def.ts';
import {writeBootSectorImage} from '../guests/boot-sector/boot-sector.ts';
import {RawGuest} from '../guests/raw-guest.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {argvInput} from './live-domain.ts';
import {withEmulator} from './run-emulator.ts';
import {X86_CAPS} from './sample-caps.ts';

const X86 = '/usr/bin/qemu-system-x86_64';

/** Runs the boot sector with nobody at the monitor until `use` is through. */
async function withGuest(
  actions: {readonly onPoweroff: LifecycleAction; readonly onReboot: LifecycleAction},
  use: (guest: RawGuest) => Promise<void>,
): Promise<void> {
  await withTempRoot(async root => {
    const image = root.join('disk.img');
    writeBootSectorImage(image);
    const lifecycle = buildLifecycleArgs(argvInput({...readDomain(domainXml()), ...actions}, X86_CAPS));
    const drive = `file=${image},format=raw,if=ide`;
    const guest = new RawGuest(X86, ['-M', 'pc', '-m', '16', '-drive', drive, ...renderArgv(lifecycle)]);
    try {
      await guest.see('> ');
      await use(guest);
    } finally {
      guest.kill();
    }
  });
}

test.runIf(existsSync(X86)).each([
  ['power off ends the emulator', 'destroy', 'restart', 'p\r', 'power off'],
  ['reboot ends the emulator where it is to destroy the domain', 'destroy', 'destroy', 'r\r', 'reboot'],
] as const)('with nobody watching, %s', (_what, onPoweroff, onReboot, keys, said) =>
  withGuest({onPoweroff, onReboot}, async guest => {
    await guest.say(keys, said);
    expect(await guest.exited).toBe(0);
  }),
);

test.runIf(existsSync(X86))('a guest that is not to end stands still after power off, and can be started anew', () =>
  withTempRoot(async root => {
    writeBootSectorImage(root.join('disk.img'));
    const disk = `<disk type='file' device='disk'><source file='${root.join('disk.img')}'/><target dev='hda' bus='ide'/></disk>`;
    const serial = `<serial type='file'><source path='${root.join('out')}' append='on'/><target port='0'/></serial>`;
    const more = '<features><acpi/></features><on_poweroff>restart</on_poweroff>';
    const def = readDomain(domainXml({more, devices: disk + serial}));
    const prompts = (count: number) =>
      waitForChange(
        root.path,
        async () => ((await readFile(root.join('out'), 'utf8')).split('> ').length > count ? true : undefined),
        {timeoutMs: 15_000},
      );
    await withEmulator({def, path: X86, caps: X86_CAPS, runDir: root.path}, async monitor => {
      const stopped = new Promise<void>(resolve => {
        monitor.onEvent(event => event.name === 'STOP' && resolve());
      });
      await monitor.execute('cont');
      expect(await prompts(1)).toBe(true);
      await monitor.execute('system_powerdown');
      await stopped;
      expect(await monitor.execute('query-status')).toMatchObject({status: 'shutdown'});
      await monitor.execute('system_reset');
      await monitor.execute('cont');
      expect(await prompts(2)).toBe(true);
    });
  }),
);
