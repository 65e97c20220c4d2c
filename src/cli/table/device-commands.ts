import {AFFECTS_OPTIONS} from '../affects.ts';
import type {CommandSpec} from '../command.ts';
import {DOMAIN} from './domain-positional.ts';

const FILE = {name: 'file', help: "a file with the XML of the device; '-' is the standard input"};

/** Devices that a domain gets and loses. */
export const DEVICE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'attach-device',
    group: 'Domains',
    summary: 'give a domain a device, from its XML',
    description: [
      'A guest that runs gets disks on the virtio, scsi and usb bus and USB devices of the host; a definition any device.',
      "The files are given to the guest's user as at a start, and a device goes on the guest's list.",
    ],
    positionals: [DOMAIN, FILE],
    options: AFFECTS_OPTIONS,
    access: 'owner',
    load: () => import('../commands/attach-device.ts'),
  },
  {
    name: 'detach-device',
    group: 'Domains',
    summary: 'take a device from a domain, by its XML',
    description: [
      'A disk is found by its target, another device by its alias or by what it is of the host. A guest that runs has to let',
      'go of it: it is given five seconds, and loses the device when it lets go later.',
    ],
    positionals: [DOMAIN, FILE],
    options: AFFECTS_OPTIONS,
    access: 'owner',
    load: () => import('../commands/detach-device.ts'),
  },
  {
    name: 'attach-disk',
    group: 'Domains',
    summary: 'give a domain a disk',
    description: [
      'As attach-device, without an XML. The format of the image is never guessed: it is raw unless --subdriver says.',
    ],
    positionals: [
      DOMAIN,
      {name: 'source', help: 'the image: a file, or a block device'},
      {name: 'target', help: 'what the disk is called, e.g. vdb'},
    ],
    options: [
      {name: 'targetbus', value: 'string', help: 'virtio, scsi or usb; without it as the target says'},
      {name: 'driver', value: 'string', help: 'qemu'},
      {name: 'subdriver', value: 'string', help: 'the format of the image, e.g. qcow2'},
      {name: 'cache', value: 'string', help: 'none, writeback, writethrough, directsync or unsafe'},
      {name: 'io', value: 'string', help: 'native, threads or io_uring'},
      {name: 'iothread', value: 'number', help: 'the thread that serves the disk'},
      {name: 'type', value: 'string', help: 'disk (default), cdrom or lun'},
      {name: 'sourcetype', value: 'string', help: 'file or block; without it as the source is'},
      {name: 'mode', value: 'string', help: 'readonly or shareable'},
      {name: 'serial', value: 'string', help: 'the serial number that the guest sees'},
      {name: 'wwn', value: 'string', help: 'the world wide name that the guest sees'},
      {name: 'print-xml', help: 'print the XML of the disk, and do nothing'},
      ...AFFECTS_OPTIONS,
    ],
    access: 'owner',
    load: () => import('../commands/attach-disk.ts'),
  },
  {
    name: 'detach-disk',
    group: 'Domains',
    summary: 'take a disk from a domain',
    description: ['As detach-device, by the target of the disk.'],
    positionals: [DOMAIN, {name: 'target', help: 'what the disk is called, e.g. vdb'}],
    options: AFFECTS_OPTIONS,
    access: 'owner',
    load: () => import('../commands/detach-disk.ts'),
  },
];
