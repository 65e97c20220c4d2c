import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {HostAnswers} from '../../src/driver/argv/argv-input.ts';
import {catalogueOf} from '../../src/driver/firmware/read-catalogue.ts';
import type {FirmwareCatalogue} from '../../src/driver/firmware/resolve-firmware.ts';
import type {MachineInfo} from '../../src/model/capabilities.ts';
import {type CpuProperty, type ExpandedCpu, expandedCpuOf} from '../../src/model/cpu/expanded-cpu.ts';
import {x86Models} from '../../src/model/cpu/x86-models.ts';
import {type FindVolume, type PoolDef, volumeOf} from '../../src/model/storage-pool.ts';

/** Where libvirt's tests see the descriptors: a system instance looks at the host's only. Source: libvirt 9.0.0, tests/qemuxml2argvtest.c. */
const FIRMWARE_FOLDERS = ['etc/qemu/firmware', 'usr/share/qemu/firmware'];

/** Where the variables of their guests are. */
export const NVRAM_DIR = '/var/lib/libvirt/qemu/nvram';

/** Any SCSI device of the host is the first generic one. Source: libvirt 9.0.0, tests/qemuxml2argvmock.c. */
class FirstScsiNode extends Map<string, string> {
  override get(): string {
    return '/dev/sg0';
  }
}

/** The host of libvirt's tests: two sizes of huge pages mounted, memory files in one folder. */
export const TEST_HOST: HostAnswers = {
  // Source: libvirt 9.0.0, tests/qemuxml2argvmock.c, virFileIsCDROM.
  cdroms: new Set(['/dev/cdrom']),
  memory: {
    hugepages: [
      {pageKiB: 2048n, directory: '/dev/hugepages2M/libvirt/qemu', isDefault: true},
      {pageKiB: 1048576n, directory: '/dev/hugepages1G/libvirt/qemu', isDefault: false},
    ],
    files: '/var/lib/libvirt/qemu/ram',
    pageKiB: 4n,
  },
  // TZ=VIR00:30: half an hour behind.
  utcOffsetMs: -30 * 60_000,
  scsiNodes: new FirstScsiNode(),
};

const HASWELL = x86Models().find(({name}) => name === 'Haswell');
const HASWELL_EXTRAS =
  'abm acpi ds ds-cpl dtes64 est f16c ht invtsc lahf-lm monitor pbe pdcm pdpe1gb rdrand smx ss tm tm2 vme vmx xtpr';

/** What the processor of that host is for a guest that can move. Source: libvirt 9.0.0, tests/testutilsqemu.c, cpuHaswell. */
export const TEST_HOST_CPU: ExpandedCpu = expandedCpuOf(
  'base',
  new Map<string, CpuProperty>([
    ['family', {value: 6}],
    ['model', {value: 60}],
    ['vendor', {value: HASWELL?.vendor ?? ''}],
    ...[...(HASWELL?.features ?? []), ...HASWELL_EXTRAS.split(' ')].map((feature): [string, CpuProperty] => [
      feature,
      {value: true},
    ]),
  ]),
  new Map(),
);

/** The boards of its small emulators. Source: libvirt 9.0.0, tests/testutilsqemu.c, testQemuAddGuest. */
export const TEST_MACHINES: readonly MachineInfo[] = ['pc', 'q35'].map(name => ({
  name,
  isDefault: name === 'pc',
  deprecated: false,
  maxCpus: 0,
  defaultRamId: 'pc.ram',
  numaMem: true,
}));

/** Source: libvirt 9.0.0, tests/storagepoolxml2xmlout/pool-iscsi.xml. */
const ISCSI_POOL: PoolDef = {
  name: 'pool-iscsi',
  type: 'iscsi',
  hosts: [{name: 'iscsi.example.com'}],
  device: 'demo-target',
  targetPath: '/dev/disk/by-path',
};

/**
 * The volumes of libvirt's tests: the name says what one is, `dir+vol1`, and its path is made of that.
 * Source: libvirt 9.0.0, tests/qemuxml2argvtest.c, fakeStorageVolLookupByName and fakeStorageVolGetPath.
 */
export const findTestVolume: FindVolume = source => {
  if (source.pool === ISCSI_POOL.name && source.mode === 'direct') return volumeOf(ISCSI_POOL, source);
  const [, kind = 'block', name = source.volume] = /^(block|dir|file)\+(.*)$/.exec(source.volume) ?? [];
  const path = `/some/${kind}/device/${name}`;
  return kind === 'dir' || kind === 'file' ? {type: kind, path} : {type: 'block', path};
};

/** The descriptors of a corpus folder, as that host has them. */
export function testFirmware(folder: string): FirmwareCatalogue {
  const files = new Map<string, string>();
  for (const place of FIRMWARE_FOLDERS) {
    const directory = join(folder, 'firmware-descriptors', place);
    for (const name of existsSync(directory) ? readdirSync(directory) : []) {
      if (!files.has(name)) files.set(name, join(directory, name));
    }
  }
  const texts = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return catalogueOf(
    texts.map(path => ({path, text: readFileSync(path, 'utf8')})),
    FIRMWARE_FOLDERS.map(place => `/${place}`),
  );
}
