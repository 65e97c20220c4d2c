import {element} from '../../model/xml/write-xml.ts';
import {type DemoGuest, type DemoHost, missingEmulator} from './demo-guest.ts';
import {demoXml} from './demo-xml.ts';

/** Linux with busybox, from the images that `test/guests/linux/build-linux.sh` builds. */
export const LINUX: DemoGuest = {
  name: 'linux',
  missing: host => missingEmulator(host, ['qemu-system-x86_64', 'qemu-kvm']) ?? missingImage(host),
  xml: ({images}) =>
    demoXml({
      name: 'linux',
      title: 'Linux with busybox',
      description: 'A small Linux without a disk: a shell on its serial console five seconds after the start.',
      arch: 'x86_64',
      machine: 'pc',
      memoryMiB: 128,
      os: [
        element('kernel', {}, kernelPath(images)),
        element('initrd', {}, initrdPath(images)),
        element('cmdline', {}, 'console=ttyS0 quiet'),
      ],
    }),
};

function kernelPath(images: string): string {
  return `${images}/vmlinuz`;
}

function initrdPath(images: string): string {
  return `${images}/initrd.gz`;
}

function missingImage({images, exists}: DemoHost): string | undefined {
  const lacking = [kernelPath(images), initrdPath(images)].find(path => !exists(path));
  return lacking === undefined ? undefined : `${lacking} was not built (test/guests/linux/build-linux.sh builds it)`;
}
