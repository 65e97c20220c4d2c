import {describe, expect, test} from 'vitest';
import {deviceArgs} from '../device-args.ts';

const FLAGS = ['-device', '-object', '-chardev', '-tpmdev', '-global', '-watchdog-action', '-audiodev'];

/** The arguments of some devices, without those of the controllers that they need. */
function args(devices: string, machine = 'pc'): readonly string[] {
  return deviceArgs(devices, FLAGS, {}, machine).filter(
    line => !/-chardev socket,id=char(user)?monitor|qemu-xhci|usb-ccid/.test(line),
  );
}

test.each<[string, readonly string[]]>([
  [
    "<crypto model='virtio' type='qemu'><backend model='builtin' queues='2'/></crypto>",
    [
      '-object cryptodev-backend-builtin,id=objcrypto0,queues=2',
      '-device virtio-crypto-pci,cryptodev=objcrypto0,id=crypto0',
    ],
  ],
  [
    "<crypto model='virtio' type='qemu'><backend model='lkcf'/><driver packed='on'/></crypto>",
    [
      '-object cryptodev-backend-lkcf,id=objcrypto0',
      '-device virtio-crypto-pci,cryptodev=objcrypto0,id=crypto0,packed=on',
    ],
  ],
  [
    "<shmem name='a,b' role='master'><model type='ivshmem-plain'/><size unit='M'>8</size></shmem>",
    [
      '-object memory-backend-file,id=shmmem-shmem0,mem-path=/dev/shm/a,,b,size=8388608,share=on',
      '-device ivshmem-plain,id=shmem0,memdev=shmmem-shmem0,master=on',
    ],
  ],
  [
    "<shmem name='a'><model type='ivshmem-doorbell'/><server path='/s'/><msi vectors='16'/></shmem>",
    [
      '-chardev socket,id=charshmem0,path=/s',
      '-device ivshmem-doorbell,id=shmem0,chardev=charshmem0,vectors=16,ioeventfd=on',
    ],
  ],
  [
    "<shmem name='a'><model type='ivshmem-doorbell'/><server/></shmem>",
    [
      '-chardev socket,id=charshmem0,path=/var/lib/libvirt/shmem-a-sock',
      '-device ivshmem-doorbell,id=shmem0,chardev=charshmem0',
    ],
  ],
  ["<vsock><cid auto='no' address='4'/></vsock>", ['-device vhost-vsock-pci,id=vsock0,guest-cid=4']],
  [
    "<vsock model='virtio-non-transitional'><cid address='4'/><driver ats='on'/></vsock>",
    ['-device vhost-vsock-pci-non-transitional,id=vsock0,guest-cid=4,ats=on'],
  ],
  ["<watchdog model='ib700' action='dump'/>", ['-device ib700,id=watchdog0', '-watchdog-action pause']],
  ["<watchdog model='i6300esb'/>", ['-device i6300esb,id=watchdog0', '-watchdog-action reset']],
  ["<panic model='isa'><address type='isa' iobase='0x505'/></panic>", ['-device pvpanic,ioport=1285']],
  ["<panic model='pvpanic'/>", ['-device pvpanic-pci,id=panic0']],
  ["<panic model='hyperv'/>", []],
  [
    "<memballoon model='virtio-transitional' autodeflate='on' freePageReporting='on'/>",
    ['-device virtio-balloon-pci-transitional,id=balloon0,deflate-on-oom=on,free-page-reporting=on'],
  ],
  [
    "<rng model='virtio'><rate bytes='123' period='5'/><backend model='egd' type='unix'><source mode='bind' path='/r'/></backend></rng>",
    [
      '-chardev socket,id=charrng0,path=/r,server=on,wait=off',
      '-object rng-egd,id=objrng0,chardev=charrng0',
      '-device virtio-rng-pci,rng=objrng0,id=rng0,max-bytes=123,period=5',
    ],
  ],
  [
    "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>",
    [
      '-chardev socket,id=chrtpm,path=/run/demo/swtpm.sock',
      '-tpmdev emulator,id=tpm-tpm0,chardev=chrtpm',
      '-device tpm-crb,tpmdev=tpm-tpm0,id=tpm0',
    ],
  ],
  [
    "<tpm model='tpm-tis'><backend type='passthrough'/></tpm>",
    [
      '-tpmdev passthrough,id=tpm-tpm0,path=/dev/tpm0,cancel-path=/sys/class/tpm/tpm0/device/cancel',
      '-device tpm-tis,tpmdev=tpm-tpm0,id=tpm0',
    ],
  ],
  [
    "<smartcard mode='passthrough' type='tcp'><source mode='bind' host='h' service='2001'/></smartcard>",
    [
      '-chardev socket,id=charsmartcard0,host=h,port=2001,server=on,wait=off',
      '-device ccid-card-passthru,chardev=charsmartcard0,id=smartcard0,bus=ccid0.0',
    ],
  ],
  [
    "<redirdev bus='usb' type='spicevmc'><boot order='2'/></redirdev><redirfilter><usbdev class='0x08' version='1.1' allow='yes'/><usbdev allow='no'/></redirfilter>",
    [
      '-chardev spicevmc,id=charredir0,name=usbredir',
      '-device usb-redir,chardev=charredir0,id=redir0,filter=0x08:-1:-1:0x0110:1|-1:-1:-1:-1:0,bootindex=2',
    ],
  ],
  [
    "<input type='evdev'><source dev='/dev/input/e,1' grab='all' grabToggle='ctrl-ctrl' repeat='on'/></input>",
    ['-object input-linux,id=input0,evdev=/dev/input/e,,1,repeat=on,grab_all=on,grab-toggle=ctrl-ctrl'],
  ],
  [
    "<input type='passthrough' bus='virtio'><source evdev='/dev/input/e1'/></input>",
    ['-device virtio-input-host-pci,id=input0,evdev=/dev/input/e1'],
  ],
  [
    "<sound model='usb' multichannel='yes'/><audio id='1' type='none'/>",
    ['-audiodev none,id=audio1', '-device usb-audio,id=sound0,multi=on,audiodev=audio1'],
  ],
])('%s', (devices, expected) => {
  expect(args(devices)).toEqual(expected);
});

test('the watchdog of an ICH9 is allowed to act, and the speaker is heard where the sound goes', () => {
  expect(args("<watchdog model='itco' action='pause'/>", 'q35')).toEqual([
    '-global ICH9-LPC.noreboot=off',
    '-watchdog-action pause',
  ]);
  const [machine] = deviceArgs("<sound model='pcspk'/><audio id='1' type='none'/>", ['-machine']);
  expect(machine).toContain('pcspk-audiodev=audio1');
});

test('a domain that leaves the number of its socket device to the driver has its own one', () => {
  const [line = ''] = args("<vsock><cid auto='yes'/></vsock>");
  const cid = Number(/guest-cid=(\d+)$/.exec(line)?.[1]);
  expect(cid).toBeGreaterThanOrEqual(3);
  expect(args('<vsock/>')).toEqual([line]);
});

describe('an adapter', () => {
  test.each<[string, readonly string[]]>([
    [
      "<model type='vga' vram='32768'><resolution x='800' y='600'/></model>",
      ['-device VGA,id=video0,vgamem_mb=32,xres=800,yres=600'],
    ],
    ["<model type='bochs' vram='8192'/>", ['-device bochs-display,id=video0,vgamem=8388608']],
    ["<model type='virtio' heads='2' blob='on'/>", ['-device virtio-vga,id=video0,max_outputs=2,blob=on']],
    ["<model type='virtio'><acceleration accel3d='yes'/></model>", ['-device virtio-vga-gl,id=video0']],
    ["<model type='ramfb'/>", ['-device ramfb,id=video0']],
    ["<model type='none'/>", []],
    [
      "<model type='virtio'/></video><video><model type='vga' primary='yes'/>",
      ['-device virtio-gpu-pci,id=video0', '-device VGA,id=video1'],
    ],
    [
      "<driver name='vhostuser'/><model type='virtio' heads='1'/>",
      [
        '-chardev socket,id=chr-vu-video0,path=/run/demo/video0-vhost-user.sock',
        '-device vhost-user-vga,id=video0,max_outputs=1,chardev=chr-vu-video0',
      ],
    ],
  ])('%s', (inside, expected) => {
    expect(args(`<video>${inside}</video>`)).toEqual(expected);
  });
});

test.each<[string, string]>([
  ["<video><model type='gop'/></video>", "its graphics adapter 'video0': QEMU has no adapter 'gop'"],
  [
    "<video><model type='vga'/></video><video><model type='cirrus'/></video>",
    "its graphics adapter 'video1': an adapter 'cirrus' must be the first; further ones are 'qxl' or 'virtio'",
  ],
  ["<sound model='ich7'/>", "its sound card: QEMU has no 'ich7'"],
  ["<watchdog model='itco'/>", "its watchdog: only q35 boards have the watchdog 'itco'"],
  [
    "<watchdog model='ib700' action='pause'/><watchdog model='i6300esb' action='none'/>",
    'its watchdog: QEMU has one action for all its watchdogs, and they have different ones',
  ],
  ["<panic model='pseries'/>", 'its panic device: only pSeries boards have this one'],
  ["<memballoon model='xen'/>", 'its memory balloon: that of Xen needs Xen'],
  ['<nvram/>', 'its <nvram>: only pSeries boards have that'],
  ["<shmem name='a'><model type='ivshmem'/></shmem>", "its shared memory 'a': QEMU has had no 'ivshmem' since 4.0"],
  [
    "<shmem name='a'><model type='ivshmem-doorbell'/></shmem>",
    "its shared memory 'a': 'ivshmem-doorbell' needs a <server>",
  ],
  ["<input type='tablet' bus='ps2'/>", "its input device 'tablet': PS/2 has no tablet"],
  ["<input type='mouse' bus='xen'/>", "its input device 'mouse': the bus 'xen' is none of QEMU's"],
  ["<audio id='1' type='spice'/>", 'its sound: SPICE has no server to play it'],
  ["<video><model type='vga' vram='512'/></video>", "its graphics adapter 'video0': it has less than 1 MiB of memory"],
  [
    "<tpm model='tpm-crb'><backend type='passthrough'/></tpm><tpm model='tpm-tis'><backend type='passthrough'/></tpm>",
    'its TPM: there are two, and a board has room for one',
  ],
  [
    "<tpm model='tpm-crb'><backend type='external'><source type='unix' mode='bind' path='/s'/></backend></tpm>",
    'its TPM: the emulator connects to it',
  ],
])('%s is refused', (devices, why) => {
  expect(() => args(devices)).toThrow(`cannot give domain 'demo' ${why}`);
});
