import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {defineGuest, endGuests, inVm, labelOfProcess, loadPolicy, tryVirtty, virtty, writeInVm} from './vm-host.ts';

/** Images on file systems that keep no label of a file's own. */

const FAT = '/mnt/fat';
const NFS = '/mnt/nfs';
const mountFat = (options: string) => inVm(`mount -o loop${options} /root/fat.img ${FAT}`);

beforeAll(async () => {
  await loadPolicy('debian');
  await writeInVm('/etc/virtty/qemu.conf', '');
  await virtty('capabilities'); // the emulators are asked once, not by a start with a time limit
  await inVm(`modprobe -a loop vfat nls_cp437 nls_iso8859-1; mkdir -p ${FAT} ${NFS} /srv/nfs
    truncate -s 16M /root/fat.img && mkfs.vfat /root/fat.img >/dev/null`);
});

describe('an image on vfat', () => {
  afterEach(async () => {
    await endGuests('fat');
    await inVm(`umount ${FAT}`);
  });

  test('stays as it is, and the start says what lets guests use it', async () => {
    await mountFat('');
    await inVm(`truncate -s 4M ${FAT}/disk.img; setsebool virt_use_usb=0`);
    await defineGuest('fat', {disks: [`${FAT}/disk.img`]});
    const refused = await tryVirtty('start', 'fat');
    await inVm('setsebool virt_use_usb=1');
    expect(refused.output).toContain(`Could not open '${FAT}/disk.img': Permission denied`);
    const used = await virtty('start', 'fat');
    expect(used).toContain(`'${FAT}/disk.img' keeps its owner`); // virtd_t may not look at files on vfat
    expect(await labelOfProcess('fat')).toContain(':svirt_t:');
  });

  test('is given to the guest where the mount has that label, and nothing is said', async () => {
    await mountFat(',context=system_u:object_r:svirt_image_t:s0');
    const said = await virtty('start', 'fat');
    expect(said).not.toContain('labels');
    expect(await labelOfProcess('fat')).toContain(':svirt_t:');
  });
});

describe('an image on NFS', () => {
  beforeAll(async () => {
    await inVm(`truncate -s 4M /srv/nfs/disk.img && chmod 666 /srv/nfs/disk.img && modprobe nfsd
      mountpoint -q /proc/fs/nfsd || mount -t nfsd nfsd /proc/fs/nfsd
      exportfs -o rw,no_root_squash,insecure,fsid=0 localhost:/srv/nfs
      systemd-run -q rpc.mountd --foreground -N 3 && systemd-run -q --wait rpc.nfsd -N 3 1
      mount -t nfs4 localhost:/ ${NFS}`);
    await defineGuest('nfs', {disks: [`${NFS}/disk.img`]});
  });
  afterEach(() => endGuests('nfs'));
  afterAll(() => inVm(`umount -l ${NFS}; systemd-run -q --wait rpc.nfsd 0; exportfs -ua; setsebool virt_use_nfs=0`));

  test('is refused where the switch is off, and used as it is where it is on', async () => {
    await inVm('setsebool virt_use_nfs=0');
    const {output} = await tryVirtty('start', 'nfs');
    expect(output).toContain(`Could not open '${NFS}/disk.img': Permission denied`);
    await inVm('setsebool virt_use_nfs=1');
    expect(await virtty('start', 'nfs')).toContain("'setsebool -P virt_use_nfs on'");
    expect(await labelOfProcess('nfs')).toContain(':svirt_t:');
  });
});
