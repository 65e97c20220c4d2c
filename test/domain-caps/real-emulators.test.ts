import {existsSync} from 'node:fs';
import {mkdir, symlink} from 'node:fs/promises';
import {describe, expect, test} from 'vitest';
import {askDomainCapabilities} from '../../src/driver/domain-caps/ask-domain-capabilities.ts';
import {EmulatorRegistry} from '../../src/driver/emulators/emulator-registry.ts';
import {readHostInfo} from '../../src/driver/host-info/read-host-info.ts';
import type {DomainCapabilitiesQuery} from '../../src/model/domain-capabilities.ts';
import {formatDomainCapabilitiesXml} from '../../src/model/domain-capabilities-xml.ts';
import {noSchemas, schemaErrors} from '../model/corpus.ts';
import {withTempRoot} from '../support/temp-root.ts';

/** Asks about emulators of this very host: the one that is named, else the PC's. */
function ask(query: DomainCapabilitiesQuery) {
  return withTempRoot(async root => {
    const directory = root.join('bin');
    await mkdir(directory);
    await symlink('/usr/bin/qemu-system-x86_64', `${directory}/qemu-system-x86_64`);
    const registry = new EmulatorRegistry({cacheDir: root.join('cache'), searchDirs: [directory]});
    const emulators = {registry: async () => registry, nodeInfo: readHostInfo};
    try {
      return await askDomainCapabilities(query, {emulators, configHome: root.path, uid: 1000});
    } finally {
      registry.dispose();
    }
  });
}

describe('domain capabilities of real emulators', () => {
  test.for([
    ['x86_64', 'q35', /^pc-q35-/],
    ['i686', 'pc', /^pc-i440fx-/],
    ['aarch64', 'virt', /^virt-/],
    ['ppc64', 'pseries', /^pseries-/],
    ['s390x', 's390-ccw-virtio', /^s390-ccw-virtio-/],
    ['riscv64', 'virt', /^virt/],
    ['sparc', 'SS-5', /^SS-5$/],
  ] as const)('of %s follow libvirt’s schema', async ([arch, machine, name], {skip}) => {
    const program = `/usr/bin/qemu-system-${arch === 'i686' ? 'i386' : arch}`;
    skip(!existsSync(program), `there is no ${program}`);
    const told = await ask({arch, machine, domainType: 'qemu', emulator: program});
    expect(told).toMatchObject({
      emulator: program,
      domainType: 'qemu',
      arch,
      iothreads: true,
      maxVcpus: expect.any(Number),
    });
    expect(told.machine).toMatch(name);
    expect(told.devices.filter(({supported}) => supported).map(part => part.name)).toEqual(
      expect.arrayContaining(['disk', 'graphics', 'video', 'channel']),
    );
    if (noSchemas === undefined) expect(schemaErrors('domaincaps', formatDomainCapabilitiesXml(told))).toBe('');
  });

  test('name a processor like the best that software emulation has', async ({skip}) => {
    skip(!existsSync('/usr/bin/qemu-system-x86_64'), 'there is no qemu-system-x86_64');
    const {cpu} = await ask({arch: 'x86_64', domainType: 'qemu'});
    expect(cpu).toMatchObject({hostPassthrough: false, maximum: true, whyNoHostModel: undefined});
    expect(cpu.models.find(({name}) => name === cpu.hostModel?.model)).toBeDefined();
    expect(cpu.models.find(({name}) => name === 'qemu64')).toMatchObject({usable: true, blockedBy: []});
    expect(cpu.models.find(({usable}) => usable === false)?.blockedBy.length).toBeGreaterThan(0);
  });

  test('are not told of what is not there', async () => {
    await expect(ask({emulator: '/usr/bin/nope'})).rejects.toMatchObject({
      code: 'SYSTEM_ERROR',
      message: 'Cannot check QEMU binary /usr/bin/nope: No such file or directory',
    });
    await expect(ask({emulator: '/bin/true'})).rejects.toMatchObject({code: 'OPERATION_FAILED'});
    await expect(ask({arch: 'ia64'})).rejects.toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: "unable to find any emulator to serve 'ia64' architecture",
    });
  });
});
