import type {HelpFlag} from '../../model/capabilities.ts';
import type {HelpText} from './help-text.ts';

type HelpRule = (help: HelpText) => boolean;

/** The first snapshot of KVM that takes `-incoming tcp:` and `exec:`. Source: libvirt 0.7.1, src/qemu_conf.c, qemudComputeCmdFlags. */
const FIRST_KVM_WITH_URIS = 79;

/** How each flag is found in a `-help` text. Checked against libvirt's expectations for 18 emulators. */
export const HELP_FLAG_RULES: Readonly<Record<HelpFlag, HelpRule>> = {
  'no-reboot': option('no-reboot'),
  'machine-option': ({options}) => options.has('machine') && !options.has('M'),
  'no-kqemu': option('no-kqemu'),
  'no-kvm': option('no-kvm'),
  'enable-kvm': option('enable-kvm'),
  name: option('name'),
  'name-process': says('name', /,process=/),
  uuid: option('uuid'),
  domid: option('domid'),
  'smp-topology': says('smp', /sockets=/),
  bios: option('bios'),
  'boot-menu': says('boot', /menu=on/),
  'mem-path': option('mem-path'),
  rtc: option('rtc'),
  drive: option('drive'),
  'drive-boot': says('drive', /boot=on/),
  'drive-format': says('drive', /format=/),
  'drive-serial': says('drive', /serial=/),
  'drive-readonly': says('drive', /readonly=on/),
  // No text tells of `werror=` and `rerror=`; the second came with `-qmp`, in 0.12.
  'drive-error-policy': option('qmp'),
  'drive-cache-v2': says('drive', /cache=(?!on\|off)/),
  'drive-cache-unsafe': says('drive', /\|unsafe/),
  'drive-cache-directsync': says('drive', /\|directsync/),
  'net-name': says('net', /\[,name=str\]/),
  chardev: option('chardev'),
  // The text of 0.8 is the same for both forms; `HOST:DISPLAY` and this option both came with 0.9.0.
  'vnc-colon': option('daemonize'),
  sdl: option('sdl'),
  vga: option('vga'),
  'vga-none': says('vga', /\|none\b/),
  'vga-qxl': says('vga', /\|qxl\b/),
  pcidevice: option('pcidevice'),
  balloon: option('balloon'),
  'incoming-stdio': ({kvmSnapshot}) => kvmSnapshot !== undefined && kvmSnapshot < FIRST_KVM_WITH_URIS,
  'incoming-exec': takesUris,
  'incoming-tcp': takesUris,
};

/** KVM's snapshots took `-incoming` without telling of it. */
function takesUris({options, kvmSnapshot}: HelpText): boolean {
  return options.has('incoming') || (kvmSnapshot ?? 0) >= FIRST_KVM_WITH_URIS;
}

function option(name: string): HelpRule {
  return ({options}) => options.has(name);
}

function says(name: string, pattern: RegExp): HelpRule {
  return ({options}) => pattern.test(options.get(name) ?? '');
}
