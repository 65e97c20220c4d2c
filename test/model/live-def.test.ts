import {expect, test} from 'vitest';
import {assignAliases} from '../../src/model/live-def.ts';
import {domainXml, readDomain} from './read-domain.ts';

test('devices are named as libvirt names them', () => {
  const disk = (dev: string, bus: string) => `<disk><source file='/${dev}'/><target dev='${dev}' bus='${bus}'/></disk>`;
  const def = readDomain(
    domainXml({
      devices: [
        disk('hda', 'ide'),
        disk('hdd', 'ide'),
        disk('vdb', 'virtio'),
        disk('sda', 'scsi'),
        disk('sdh', 'scsi'),
        disk('sdp', 'scsi'),
        disk('sdb', 'sata'),
        "<interface type='user'/><interface type='user'/>",
        "<serial type='pty'/><serial type='null'/><console type='pty'><target type='serial'/></console>",
        "<console type='pty'><target type='virtio'/></console><graphics type='vnc'/>",
      ].join(''),
    }),
  );
  expect(assignAliases(def).devices.map(device => ('alias' in device ? device.alias : undefined))).toEqual([
    'ide0-0-0',
    'ide0-1-1',
    'virtio-disk1',
    'scsi0-0-0',
    'scsi0-0-8',
    'scsi1-0-0',
    'sata0-0-1',
    'net0',
    'net1',
    'serial0',
    'serial1',
    'serial0',
    'console1',
    undefined,
  ]);
});

test('naming twice changes nothing', () => {
  const once = assignAliases(readDomain(domainXml({devices: "<serial type='pty'/>"})));
  expect(assignAliases(once)).toEqual(once);
});
