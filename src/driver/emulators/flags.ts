import {EMULATOR_FLAGS, type EmulatorFlag} from '../../model/emulator-flags.ts';
import {both, deviceProperty, either, type HelpRule, helpOption, says, since} from './help-rules.ts';
import type {HelpAnswers} from './help-text.ts';
import {
  accelerator,
  always,
  chardev,
  command,
  cpuProperty,
  deviceAddFeature,
  display,
  machineProperty,
  objectType,
  oldObjectType,
  option,
  type ProbeAnswers,
  type QmpRule,
  tpmBackend,
} from './qmp-rules.ts';

/** How each of the two probes finds a flag. */
export interface FlagRow {
  /** Absent: nothing asks it of an emulator that answers QMP. */
  readonly qmp?: QmpRule;
  /** In the texts of `-help` and `-device ?`. Absent: no emulator of before QMP has it. */
  readonly help?: HelpRule;
}

/**
 * Every flag, and how it is found: first over QMP, then in help texts. The rules for texts are checked against libvirt's
 * expectations for 18 emulators. Source of those that go by a release: libvirt 4.0.0, src/qemu/qemu_capabilities.c,
 * virQEMUCapsComputeCmdFlags.
 */
export const FLAG_TABLE = {
  qmp: {qmp: always},
  tcg: {qmp: accelerator('tcg'), help: () => true},
  // `spawn` came with the four-part filter in 2.11; QEMU without seccomp does not list the option.
  sandbox: {qmp: option('sandbox', 'spawn')},
  action: {qmp: option('action')},
  'no-reboot': {qmp: always, help: helpOption('no-reboot')},
  // `-blockdev` and the stable name of this command both came with 2.9.
  blockdev: {qmp: command('blockdev-del')},
  'chardev-logfile': {qmp: option('chardev', 'logfile')},
  'msg-timestamp': {qmp: option('msg', 'timestamp')},
  'machine-graphics': {qmp: machineProperty('graphics')},
  'machine-acpi': {qmp: machineProperty('acpi')},
  'machine-hpet': {qmp: machineProperty('hpet')},
  'memory-backend': {qmp: machineProperty('memory-backend')},
  // An alias that each PC has of its own, so that only a concrete board tells of it; since 5.1.
  'machine-pcspk-audiodev': {qmp: machineProperty('pcspk-audiodev')},
  'debug-threads': {qmp: option('name', 'debug-threads')},
  // The first JSON syntax of 6.2 broke unplugging; this feature says that it is mended. Source: libvirt 9.0.0, QEMU_CAPS_DEVICE_JSON.
  'device-json': {qmp: deviceAddFeature('json-cli-hotplug')},
  'accel-option': {qmp: option('accel')},
  // `-compat` is of 5.2 and in no answer; this option is the first that came after it.
  compat: {qmp: option('action')},
  overcommit: {qmp: option('overcommit')},
  'smp-dies': {qmp: option('smp-opts', 'dies')},
  'cpu-migratable': {qmp: cpuProperty('migratable')},
  // The schema has its kinds since the option takes JSON, 6.0.
  'object-json': {qmp: ({objectProperties}) => objectProperties.size > 0},
  'iothread-pool': {qmp: objectType('iothread', 'thread-pool-min')},
  'main-loop': {qmp: objectType('main-loop', 'thread-pool-min')},
  'thread-context': {qmp: objectType('memory-backend-ram', 'prealloc-context')},
  'memory-memfd': {qmp: objectType('memory-backend-memfd')},
  'memory-prealloc-threads': {qmp: objectType('memory-backend-ram', 'prealloc-threads')},
  'memory-reserve': {qmp: objectType('memory-backend-ram', 'reserve')},
  'memory-epc': {qmp: objectType('memory-backend-epc')},

  iothread: {qmp: command('query-iothreads')},
  'display-sdl': {qmp: display('sdl')},
  'display-egl-headless': {qmp: display('egl-headless')},
  'display-dbus': {qmp: display('dbus')},
  // Of 1.3 both.
  'rng-random': {qmp: oldObjectType('rng-random')},
  'rng-egd': {qmp: oldObjectType('rng-egd')},
  // Of 4.2, when the schema did not tell of objects.
  'rng-builtin': {qmp: objectType('rng-builtin')},
  'tpm-passthrough': {qmp: tpmBackend('passthrough')},
  'tpm-emulator': {qmp: tpmBackend('emulator')},
  // Source: libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsInitQMPVersionCaps: it waits for this command, of 6.1.
  'incremental-backup': {qmp: command('blockdev-reopen')},

  'no-kqemu': {help: helpOption('no-kqemu')},
  'enable-kqemu': {help: helpOption('enable-kqemu')},
  'no-kvm': {help: helpOption('no-kvm')},
  'enable-kvm': {help: helpOption('enable-kvm')},
  'no-kvm-pit-reinjection': {help: helpOption('no-kvm-pit-reinjection')},
  'enable-nesting': {help: helpOption('enable-nesting')},
  name: {help: helpOption('name')},
  'name-process': {help: says('name', /,process=/)},
  uuid: {help: helpOption('uuid')},
  domid: {help: helpOption('domid')},
  'xen-domid': {help: helpOption('xen-domid')},
  'smp-topology': {help: says('smp', /sockets=/)},
  'cpu-host': {help: since('0.11')},
  bios: {help: helpOption('bios')},
  dtb: {help: helpOption('dtb')},
  smbios: {help: says('smbios', /-smbios type/)},
  'boot-menu': {help: says('boot', /,menu=on/)},
  'boot-splash-time': {help: says('boot', /,splash-time=/)},
  'boot-reboot-timeout': {help: says('boot', /,reboot-timeout=/)},
  'mem-path': {help: helpOption('mem-path')},
  rtc: {help: helpOption('rtc')},
  'rtc-td-hack': {help: helpOption('rtc-td-hack')},
  tdf: {help: helpOption('tdf')},
  'no-hpet': {help: helpOption('no-hpet')},
  'no-acpi': {help: helpOption('no-acpi')},
  // 0.14 and 0.15 do not heed SIGTERM when they have it.
  'no-shutdown': {
    help: both(
      helpOption('no-shutdown'),
      either(since('0.15.1'), answers => !since('0.14')(answers)),
    ),
  },
  nodefconfig: {help: helpOption('nodefconfig')},
  'no-user-config': {help: helpOption('no-user-config')},
  'machine-option': {help: both(helpOption('machine'), answers => !helpOption('M')(answers))},
  'machine-properties': {help: helpOption('machine')},
  'dump-guest-core': {help: says('machine', /dump-guest-core=on/)},
  'sandbox-option': {help: helpOption('sandbox')},
  device: {help: helpOption('device')},
  drive: {help: helpOption('drive')},
  'drive-boot': {help: says('drive', /boot=on/)},
  'drive-format': {help: says('drive', /format=/)},
  'drive-serial': {help: says('drive', /serial=/)},
  'drive-readonly': {help: says('drive', /readonly=on/)},
  // No text tells of `werror=` and `rerror=`; the second came with `-qmp`, in 0.12.
  'drive-error-policy': {help: helpOption('qmp')},
  'drive-aio': {help: says('drive', /aio=threads\|native/)},
  'drive-copy-on-read': {help: says('drive', /copy-on-read=on/)},
  'drive-iotune': {help: says('drive', /bps=/)},
  'drive-cache-v2': {help: says('drive', /cache=(?!on\|off)/)},
  'drive-cache-unsafe': {help: says('drive', /\|unsafe/)},
  'drive-cache-directsync': {help: says('drive', /\|directsync/)},
  fsdev: {help: helpOption('fsdev')},
  'fsdev-readonly': {help: says('fsdev', /readonly/)},
  'fsdev-writeout': {help: says('fsdev', /writeout/)},
  'net-name': {help: says('net', /\[,name=str\]/)},
  // 0.12 has the option, and not the commands of the monitor that belong to it.
  netdev: {
    help: both(
      helpOption('netdev'),
      either(since('0.13'), ({forLibvirt}) => forLibvirt),
    ),
  },
  'netdev-bridge': {help: either(says('netdev', /\bbridge\b/), says('net', /^-netdev bridge|-net bridge/m))},
  'vnet-hdr': {help: both(({isKvm}) => isKvm, since('0.10', 74))},
  'vhost-net': {help: either(says('net', /,vhost=/), says('netdev', /,vhost=/))},
  // `none` came with 0.9.0, and no text tells of it.
  'line-null-only': {help: answers => !since('0.9')(answers)},
  chardev: {help: helpOption('chardev')},
  'chardev-spicevmc': {qmp: chardev('spicevmc'), help: says('chardev', /-chardev spicevmc/)},
  vnc: {qmp: command('query-vnc'), help: helpOption('vnc')},
  // The text of 0.8 is the same for both forms.
  'vnc-colon': {help: since('0.9')},
  'vnc-share-policy': {help: since('1.1')},
  spice: {qmp: command('query-spice'), help: helpOption('spice')},
  sdl: {help: helpOption('sdl')},
  display: {help: helpOption('display')},
  vga: {help: helpOption('vga')},
  'vga-none': {help: says('vga', /\|none\b/)},
  'vga-qxl': {help: says('vga', /\|qxl\b/)},
  pcidevice: {help: helpOption('pcidevice')},
  'pcidevice-segment': {help: says('pcidevice', /host=\[seg:\]bus/)},
  balloon: {help: helpOption('balloon')},
  // KVM's snapshots took `-incoming` without telling of it; `tcp:` before kvm-79 held up the monitor.
  'incoming-stdio': {help: ({kvmSnapshot}) => kvmSnapshot !== undefined && kvmSnapshot < 79},
  'incoming-tcp': {help: since('0.10', 79)},
  'incoming-exec': {help: since('0.10', 80)},
  'incoming-unix': {help: since('0.12')},
  'incoming-fd': {help: since('0.12')},
  'migrate-ipv6': {help: since('1.1')},
  'monitor-host-net-add': {help: since('0.10')},
  'monitor-json': {help: either(since('0.13'), ({forLibvirt}) => forLibvirt)},

  'block-sizes': {help: deviceProperty('virtio-blk-pci', 'logical_block_size')},
  bootindex: {help: deviceProperty('virtio-blk-pci', 'bootindex')},
  'pci-multifunction': {help: either(deviceProperty('virtio-blk-pci', 'multifunction'), since('0.13'))},
  'pci-rombar': {help: since('0.12')},
  'pci-assign-bootindex': {help: deviceProperty('pci-assign', 'bootindex')},
  'pci-assign-configfd': {help: deviceProperty('pci-assign', 'configfd')},
  'virtio-ioeventfd': {help: deviceProperty('virtio-blk-pci', 'ioeventfd')},
  'virtio-blk-event-idx': {help: deviceProperty('virtio-blk-pci', 'event_idx')},
  'virtio-blk-scsi': {help: deviceProperty('virtio-blk-pci', 'scsi')},
  'virtio-blk-sg-io': {help: since('0.11')},
  'virtio-net-event-idx': {help: deviceProperty('virtio-net-pci', 'event_idx')},
  'virtio-net-tx': {help: deviceProperty('virtio-net-pci', 'tx')},
  'scsi-disk-channel': {help: deviceProperty('scsi-disk', 'channel')},
  'scsi-disk-wwn': {help: deviceProperty('scsi-disk', 'wwn')},
  'scsi-generic-bootindex': {help: deviceProperty('scsi-generic', 'bootindex')},
  'ide-disk-wwn': {help: deviceProperty('ide-drive', 'wwn')},
  'usb-host-bootindex': {help: deviceProperty('usb-host', 'bootindex')},
  'usb-redir-bootindex': {help: deviceProperty('usb-redir', 'bootindex')},
  'usb-redir-filter': {help: deviceProperty('usb-redir', 'filter')},
  'usb-storage-removable': {help: deviceProperty('usb-storage', 'removable')},
  'pm-disable-s3': {help: deviceProperty('PIIX4_PM', 'disable_s3')},
  'pm-disable-s4': {help: deviceProperty('PIIX4_PM', 'disable_s4')},
} as const satisfies Readonly<Record<EmulatorFlag, FlagRow>>;

/** The flags that one of the probes looks for. */
export function flagsAskedBy(probe: keyof FlagRow): readonly EmulatorFlag[] {
  return EMULATOR_FLAGS.filter(flag => rowOf(flag)[probe] !== undefined);
}

/** The flags of an emulator that answered QMP. */
export function flagsOfAnswers(answers: ProbeAnswers): ReadonlySet<EmulatorFlag> {
  return new Set(EMULATOR_FLAGS.filter(flag => rowOf(flag).qmp?.(answers)));
}

/** The flags of an emulator that printed its help. */
export function flagsOfHelp(answers: HelpAnswers): ReadonlySet<EmulatorFlag> {
  return new Set(EMULATOR_FLAGS.filter(flag => rowOf(flag).help?.(answers)));
}

function rowOf(flag: EmulatorFlag): FlagRow {
  return FLAG_TABLE[flag];
}
