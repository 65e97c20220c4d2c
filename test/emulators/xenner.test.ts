import {mkdir, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {buildCapabilities} from '../../src/driver/emulators/capabilities.ts';
import {EmulatorRegistry} from '../../src/driver/emulators/emulator-registry.ts';
import type {KvmStatus} from '../../src/model/capabilities.ts';
import {formatCapabilitiesXml} from '../../src/model/capabilities-xml.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {SAMPLE_HOST} from '../support/samples.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {writeFakeEmulator, writeProgram} from './fake-emulator.ts';

const HELP = `QEMU PC emulator version 0.10.5, Copyright (c) 2003-2008 Fabrice Bellard
-M machine      select emulated machine (-M ? for list)
-name string    set the name of the guest
-domid n        the number of the domain
-vnc display    start a VNC server on display
`;

const GUEST: DomainDef = (() => {
  const os = "<os><type arch='x86_64' machine='xenner'>xen</type></os>";
  return {...readDomain(domainXml({os}).replace("type='qemu'", "type='xen'")), bootloader: '/usr/bin/pygrub'};
})();

/** A host with xenner, which knows no QMP, and QEMU for the same architecture. */
function withXenner(kvm: KvmStatus, use: (registry: EmulatorRegistry, xenner: string) => Promise<void>): Promise<void> {
  return withTempRoot(async root => {
    await mkdir(root.join('bin'));
    const xenner = root.join('bin', 'xenner');
    await writeFile(`${xenner}.help`, HELP);
    await writeProgram(xenner, `[ "$1" = -help ] && exec cat "$0.help"; echo "invalid option" >&2; exit 1`);
    await writeFakeEmulator(root.join('bin', 'qemu-system-x86_64'), {kvm: true});
    const registry = new EmulatorRegistry({
      cacheDir: root.join('cache'),
      searchDirs: [root.join('bin')],
      readKvm: async () => kvm,
    });
    try {
      await registry.refresh();
      await use(registry, xenner);
    } finally {
      registry.dispose();
    }
  });
}

const HOST = {...SAMPLE_HOST, arch: 'x86_64'};

test('with KVM there are paravirtual guests, which xenner runs', () =>
  withXenner({usable: true}, async (registry, xenner) => {
    const chosen = await registry.forDomain(GUEST);
    expect(chosen.path).toBe(xenner);
    const args = renderArgv(
      buildArgv({
        def: GUEST,
        caps: chosen.caps,
        paths: {monitorSocket: '/run/monitor', userMonitorSocket: '/run/user'},
        nowMs: 0,
        settings: {domainId: 6},
      }),
    ).join(' ');
    expect(args).toContain('-S -M xenner ');
    expect(args).toContain('-name demo -domid 6 ');
    expect(args).toContain('-bootloader /usr/bin/pygrub');
    const xml = formatCapabilitiesXml(buildCapabilities(registry, HOST));
    expect(xml).toMatch(/<os_type>xen<\/os_type>\s+<arch name='x86_64'>/);
    expect(xml).toContain(`<emulator>${xenner}</emulator>`);
  }));

test('without KVM there are none, and a start says why', () =>
  withXenner({usable: false, why: '/dev/kvm does not exist'}, async registry => {
    expect(formatCapabilitiesXml(buildCapabilities(registry, HOST))).not.toContain('<os_type>xen</os_type>');
    await expect(registry.forDomain(GUEST)).rejects.toMatchObject({
      message: "cannot run domain 'demo' with KVM: /dev/kvm does not exist",
      hint: expect.stringContaining('runs on KVM only'),
    });
  }));

test('xenner runs no whole machines, and QEMU no paravirtual guests', () =>
  withXenner({usable: true}, async (registry, xenner) => {
    const machine = readDomain(domainXml());
    expect((await registry.forDomain(machine)).path).not.toBe(xenner);
    await expect(registry.forDomain({...machine, emulator: xenner})).rejects.toThrow('does not run guests of type hvm');
    const qemu = xenner.replace('xenner', 'qemu-system-x86_64');
    await expect(registry.forDomain({...GUEST, emulator: qemu})).rejects.toThrow('does not run guests of type xen');
  }));

test('where there is no xenner that is said', () =>
  withTempRoot(async root => {
    const registry = new EmulatorRegistry({cacheDir: root.join('cache'), searchDirs: [root.path]});
    await expect(registry.forDomain(GUEST)).rejects.toMatchObject({
      message: "cannot find an emulator for domain 'demo': there is no xenner, which runs paravirtual guests for Xen",
    });
    registry.dispose();
  }));
