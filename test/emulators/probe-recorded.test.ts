import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {PROBE_ARGS, probeEmulator} from '../../src/driver/emulators/probe.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {questionsTo, readRecordings, writeRecordedEmulator} from './recorded-emulator.ts';

/** Recordings of real emulators, which are not part of this repository. */
const FOLDER = join(process.env.VIRTTY_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus'), 'hmp');
const skipped = existsSync(FOLDER) ? '' : ' (skipped: no corpus folder: set VIRTTY_CORPUS)';

const QMP = PROBE_ARGS.join(' ');

interface Expected {
  readonly version: string;
  readonly questions: readonly string[];
  readonly machines: readonly string[];
  readonly cpuModels: readonly string[];
  readonly devices: number;
  readonly flags: readonly string[];
}

const EXPECTED: readonly Expected[] = [
  {
    version: '0.8.2',
    questions: [QMP, '-help', '-h', '-M ?'],
    machines: ['isapc', 'pc'],
    cpuModels: [],
    devices: 0,
    flags: ['tcg', 'no-acpi', 'line-null-only', 'vnc'],
  },
  {
    version: '0.9.1',
    questions: [QMP, '-help', '-M ?', '-cpu ?'],
    machines: ['isapc', 'pc'],
    cpuModels: ['486', 'pentium', 'pentium2', 'pentium3', 'qemu32'],
    devices: 0,
    flags: ['tcg', 'no-reboot', 'name', 'no-acpi', 'drive', 'vnc', 'vnc-colon'],
  },
  {
    version: '0.10.0',
    questions: [QMP, '-help', '-M ?', '-cpu ?'],
    machines: ['isapc', 'pc'],
    cpuModels: ['486', 'athlon', 'coreduo', 'n270', 'pentium', 'pentium2', 'pentium3', 'qemu32'],
    devices: 0,
    flags: [
      ...['tcg', 'no-reboot', 'name', 'uuid', 'bios', 'rtc-td-hack', 'no-hpet', 'no-acpi', 'no-shutdown'],
      ...['drive', 'drive-format', 'drive-serial', 'drive-cache-v2', 'net-name', 'vnc', 'vnc-colon', 'vga', 'vga-none'],
      ...['incoming-exec', 'incoming-tcp', 'monitor-host-net-add'],
    ],
  },
  {
    version: '0.15.0',
    // Of the devices that are asked about one by one, the recording knows `virtio-blk-pci`.
    questions: [
      ...[QMP, '-help', '-M ?', '-cpu ?', '-device ?'],
      ...['ide-drive', 'scsi-disk', 'scsi-generic', 'usb-host', 'usb-storage', 'virtio-blk-pci', 'virtio-net-pci'].map(
        device => `-device ${device},?`,
      ),
    ],
    machines: ['isapc', 'pc', 'pc-0.10', 'pc-0.11', 'pc-0.12', 'pc-0.13', 'pc-0.14'],
    cpuModels: [
      ...['486', 'athlon', 'core2duo', 'coreduo', 'kvm32', 'kvm64', 'n270'],
      ...['pentium', 'pentium2', 'pentium3', 'phenom', 'qemu32', 'qemu64'],
    ],
    devices: 79,
    flags: [
      ...[
        'tcg',
        'no-reboot',
        'no-kvm',
        'enable-kvm',
        'no-kvm-pit-reinjection',
        'name',
        'name-process',
        'uuid',
        'xen-domid',
      ],
      ...['smp-topology', 'cpu-host', 'bios', 'smbios', 'boot-menu', 'mem-path', 'rtc', 'tdf', 'no-hpet', 'no-acpi'],
      ...['nodefconfig', 'machine-option', 'machine-properties', 'device', 'drive', 'drive-boot', 'drive-format'],
      ...['drive-serial', 'drive-readonly', 'drive-error-policy', 'drive-aio', 'drive-cache-v2', 'drive-cache-unsafe'],
      ...['fsdev', 'net-name', 'netdev', 'vnet-hdr', 'vhost-net', 'chardev', 'vnc', 'vnc-colon', 'spice', 'sdl'],
      ...['display', 'vga', 'vga-none', 'vga-qxl', 'balloon', 'incoming-exec', 'incoming-tcp', 'incoming-unix'],
      ...['incoming-fd', 'monitor-host-net-add', 'monitor-json', 'block-sizes', 'bootindex', 'pci-multifunction'],
      ...['pci-rombar', 'virtio-ioeventfd', 'virtio-blk-event-idx', 'virtio-blk-scsi', 'virtio-blk-sg-io'],
    ],
  },
];

describe.skipIf(skipped !== '')(`real emulators of before QMP, as they were recorded${skipped}`, () => {
  test.each(EXPECTED)('$version tells what it can do', expected =>
    withTempRoot(async root => {
      const path = root.join('qemu');
      await writeRecordedEmulator(path, readRecordings(join(FOLDER, expected.version)));
      const result = await probeEmulator(path);
      if (result.status !== 'ok') throw new Error(result.why);
      const {caps} = result;
      expect({
        ...caps,
        flags: [...caps.flags],
        machines: caps.machines.map(({name}) => name),
        cpuModels: caps.cpuModels.map(({name}) => name),
      }).toMatchObject({
        version: expected.version,
        arch: 'i686',
        kvmBuiltIn: expected.flags.includes('enable-kvm'),
        machines: expected.machines,
        cpuModels: expected.cpuModels,
        flags: expected.flags,
      });
      expect(caps.devices.size).toBe(expected.devices);
      expect(await questionsTo(path)).toEqual(expected.questions);
    }),
  );
});
