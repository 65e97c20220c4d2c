import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {domainXml} from '../model/read-domain.ts';
import {hasQemuImg, LUKS_TIMEOUT_MS, makeImage, makeLuksImage} from '../support/disk-images.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const PR_HELPER = '/usr/bin/qemu-pr-helper';
const UUID = '0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f';
const PASSPHRASE = 'a passphrase, nobody reads it';

describe.skipIf(!hasQemu || !hasQemuImg)(
  'a guest whose disks need more than a command line (needs QEMU and qemu-img)',
  () => {
    let driver: DriverHarness;
    let images: TempRoot;
    beforeAll(async () => {
      images = await makeTempRoot();
      makeLuksImage(images.join('luks'), PASSPHRASE);
    }, LUKS_TIMEOUT_MS);
    afterAll(() => images.remove());
    beforeEach(async () => {
      driver = await DriverHarness.open();
    });
    afterEach(() => driver.dispose());

    const path = (name: string) => driver.root.join(name);
    const image = (name: string, format: string) => makeImage(path(name), format);
    const start = async (name: string, devices: string) => {
      const os = "<os><type arch='x86_64' machine='pc'>hvm</type></os>";
      const more = '<features><acpi/></features>';
      await driver.hypervisor.domainDefineXml(domainXml({name: `<name>${name}</name>`, os, devices, more}));
      await driver.hypervisor.domainCreate(name);
    };
    const qmp = async (name: string, command: string) =>
      JSON.parse(await driver.hypervisor.domainMonitorCommand(name, command, {format: 'qmp'})).return;
    const runFiles = async () => {
      const entries = await readdir(path('run'), {recursive: true});
      return entries.filter(entry => /secret|pr-helper/.test(entry));
    };

    async function keepSecret(usage: string, value: string | undefined): Promise<void> {
      const folder = path('etc/secrets');
      await mkdir(folder, {recursive: true});
      const xml = `<secret ephemeral='no' private='yes'><uuid>${UUID}</uuid><usage type='volume'><volume>${usage}</volume></usage></secret>`;
      await writeFile(`${folder}/${UUID}.xml`, xml);
      if (value !== undefined) await writeFile(`${folder}/${UUID}.base64`, Buffer.from(value).toString('base64'));
    }

    const encrypted = (secret: string) =>
      `<disk><source file='${images.join('luks')}'><encryption format='luks'><secret type='passphrase' ${secret}/></encryption></source><target dev='vda'/></disk>`;

    test.each([
      ['its UUID', `uuid='${UUID.toUpperCase()}'`],
      ['its usage', "usage='the/usage'"],
    ])('opens a LUKS image with the secret of %s, and nobody can read it afterwards', async (_, reference) => {
      await keepSecret('the/usage', PASSPHRASE);
      await start('guest', encrypted(reference));
      const [drive] = await qmp('guest', 'query-block');
      expect(drive.inserted).toMatchObject({drv: 'luks', encrypted: true});
      expect(await runFiles()).toEqual([]);
      const log = await readFile(path('log/guest.log'), 'utf8');
      expect(log).toContain('key-secret');
      expect(log).not.toContain(PASSPHRASE);
      expect(log).not.toContain(Buffer.from(PASSPHRASE).toString('base64'));
    });

    test('says which secret is missing, where it was looked for and what to do, and leaves nothing behind', async () => {
      const folder = path('etc/secrets');
      const create = () => driver.hypervisor.domainCreate('guest');
      const failure = (reason: string) => ({
        code: 'NO_SECRET',
        message: `cannot open disk 'vda' of domain 'guest': no secret ${reason}`,
        hint: expect.stringContaining(`put UUID.xml and UUID.base64 of the secret into ${folder}`),
      });
      await expect(start('guest', encrypted("usage='other'"))).rejects.toMatchObject(
        failure(`for volume with the usage 'other' in ${folder}: there is none`),
      );
      await keepSecret('the/usage', undefined);
      await expect(create()).rejects.toMatchObject(
        failure(`for volume with the usage 'other' in ${folder}: there is none`),
      );
      await keepSecret('other', undefined);
      await expect(create()).rejects.toMatchObject(
        failure(`for volume with the usage 'other' in ${folder}: there is no ${folder}/${UUID}.base64`),
      );
      await keepSecret('other', PASSPHRASE);
      await writeFile(`${folder}/${UUID}.base64`, '*');
      await expect(create()).rejects.toMatchObject(
        failure(`for volume with the usage 'other' in ${folder}: ${folder}/${UUID}.base64 has no value in base64`),
      );
      expect(await runFiles()).toEqual([]);
    });

    test('forgets what it wrote to a transient disk, in an image that goes with it', async () => {
      image('base', 'qcow2');
      const before = await readFile(path('base'));
      await start(
        'guest',
        `<disk><driver type='qcow2'/><source file='${path('base')}'/><target dev='vda'/><transient/></disk>`,
      );
      const [drive] = await qmp('guest', 'query-block');
      expect(drive.inserted).toMatchObject({
        file: expect.stringContaining(path('base.TRANSIENT-guest')),
        ro: false,
        image: {'virtual-size': 4 * 1024 * 1024, 'backing-image': {filename: path('base')}},
      });
      await driver.hypervisor.domainMonitorCommand(
        'guest',
        "qemu-io /machine/peripheral/virtio-disk0/virtio-backend 'write -P 1 0 64k'",
        {format: 'hmp'},
      );
      await driver.hypervisor.domainDestroy('guest');
      await driver.untilOff('guest');
      expect(await readFile(path('base'))).toEqual(before);
      expect(existsSync(path('base.TRANSIENT-guest'))).toBe(false);
    });

    test('shares the image of a transient disk with other guests', async () => {
      image('base', 'raw');
      const disk = `<disk><source file='${path('base')}'/><target dev='vda'/><transient shareBacking='yes'/></disk>`;
      for (const name of ['one', 'two']) {
        await start(name, disk);
        const [drive] = await qmp(name, 'query-block');
        expect(drive.inserted).toMatchObject({
          file: expect.stringContaining(path(`base.TRANSIENT-${name}`)),
          ro: false,
          backing_file: path('base'),
        });
        expect(drive.qdev).toBe('/machine/peripheral/virtio-disk0/virtio-backend');
      }
    });

    test('does not start over an image that somebody else has put there', async () => {
      image('base', 'raw');
      await writeFile(path('base.TRANSIENT-guest'), "somebody else's");
      const disk = `<disk><source file='${path('base')}'/><target dev='vda'/><transient/></disk>`;
      await expect(start('guest', disk)).rejects.toMatchObject({
        message: `cannot create '${path('base.TRANSIENT-guest')}': it is there already`,
      });
      expect(await readFile(path('base.TRANSIENT-guest'), 'utf8')).toBe("somebody else's");
    });

    test('is as slow as its disks may be', async () => {
      const disks = ['vda', 'hda', 'sda'].map(dev => {
        image(dev, 'raw');
        const bus = dev === 'sda' ? " bus='usb'" : '';
        return `<disk><source file='${path(dev)}'/><target dev='${dev}'${bus}/><iotune><total_bytes_sec>1000000</total_bytes_sec><total_bytes_sec_max>2000000</total_bytes_sec_max><total_bytes_sec_max_length>5</total_bytes_sec_max_length><write_iops_sec>7</write_iops_sec><group_name>g,1</group_name></iotune></disk>`;
      });
      await start('guest', disks.join(''));
      const drives = await qmp('guest', 'query-block');
      expect(drives).toHaveLength(3);
      for (const {inserted} of drives) {
        expect(inserted).toMatchObject({bps: 1e6, bps_max: 2e6, bps_max_length: 5, iops_wr: 7, iops: 0, group: 'g,1'});
      }
    });

    test('starts without an image that is optional and not there, and says so', async () => {
      const optional = (dev: string, device: string) =>
        `<disk device='${device}'><source file='${path(dev)}' startupPolicy='optional'/><target dev='${dev}'/></disk>`;
      await start('guest', optional('hda', 'cdrom') + optional('vda', 'disk'));
      const drives = await qmp('guest', 'query-block');
      expect(drives).toMatchObject([{qdev: 'ide0-0-0'}]);
      expect(drives[0].inserted).toBeUndefined();
      expect(await driver.hypervisor.domainGetXml('guest', {inactive: true})).toContain(path('vda'));
    });

    test('opens the volume that a pool names, and says which pool is not defined', async () => {
      image('disk.img', 'raw');
      const disk = "<disk type='volume'><source pool='images' volume='disk.img'/><target dev='vda'/></disk>";
      await expect(start('guest', disk)).rejects.toMatchObject({
        code: 'NO_STORAGE_POOL',
        message: `cannot find the volume 'disk.img' of the pool 'images' in ${path('etc/storage/images.xml')}: it is not there`,
      });
      await mkdir(path('etc/storage'), {recursive: true});
      const pool = `<pool type='dir'><name>images</name><target><path>${driver.root.path}</path></target></pool>`;
      await writeFile(path('etc/storage/images.xml'), pool);
      await driver.hypervisor.domainCreate('guest');
      expect(await qmp('guest', 'query-block')).toMatchObject([{inserted: {file: path('disk.img')}}]);
      expect(await driver.hypervisor.domainGetXml('guest', {inactive: true})).toContain("pool='images'");
    });

    test.skipIf(!existsSync(PR_HELPER))(
      `has its own helper for persistent reservations, as long as it runs (needs ${PR_HELPER})`,
      async () => {
        const lun =
          "<disk type='block' device='lun'><source dev='/dev/null'><reservations managed='yes'/></source><target dev='sda' bus='scsi'/></disk>";
        // There is no LUN here: that the emulator looks for one shows that it got its helper.
        await expect(start('guest', lun)).rejects.toMatchObject({
          message: "cannot start domain 'guest': the emulator refused",
          detail: [expect.stringContaining('cannot get SG_IO version number'), 'Is this a SCSI device?'],
        });
        expect(await runFiles()).toEqual([]);
      },
    );
  },
);
