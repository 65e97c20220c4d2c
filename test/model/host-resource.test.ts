import {expect, test} from 'vitest';
import {hostResources} from '../../src/model/host-resource.ts';
import {domainXml, readDomain} from './read-domain.ts';

function summary(parts: {readonly os?: string; readonly devices?: string}) {
  return hostResources(readDomain(domainXml(parts))).map(
    ({role, path, type, access, shared, created}) =>
      `${role} ${path} ${type} ${access}${shared ? ' shared' : ''}${created ? ' created' : ''}`,
  );
}

test('firmware, kernel and initrd are read and shared; a writable flash is the domain’s own', () => {
  const files = '<kernel>/k</kernel><initrd>/i</initrd>';
  expect(summary({os: `<os><type>hvm</type><loader>/bios</loader>${files}</os>`})).toEqual([
    'loader /bios file read shared',
    'kernel /k file read shared',
    'initrd /i file read shared',
  ]);
  expect(summary({os: "<os><type>hvm</type><loader type='pflash'>/fw</loader></os>"})).toEqual([
    'loader /fw file write',
  ]);
});

test('a disk is written, a read-only one is read and shared, a shareable one is written and shared', () => {
  const disk = (dev: string, more: string) =>
    `<disk type='block'><source dev='/${dev}'/><target dev='${dev}'/>${more}</disk>`;
  const empty = "<disk device='cdrom'><target dev='hdc'/></disk>";
  expect(
    summary({devices: disk('vda', '') + disk('vdb', '<readonly/>') + disk('vdc', '<shareable/>') + empty}),
  ).toEqual(['disk /vda block write', 'disk /vdb block read shared', 'disk /vdc block write shared']);
});

test('files and logs of serial lines are made by the emulator, and counted once for line and console', () => {
  const serial = "<serial type='file'><source path='/s'/><log file='/l'/></serial><serial type='pty'/>";
  const console = "<console type='file'><source path='/s'/><log file='/l'/></console>";
  const virtio = "<console type='file'><source path='/v'/><target type='virtio'/></console>";
  expect(summary({devices: serial + console + virtio})).toEqual([
    'chardev /s file write created',
    'log /l file write created',
    'chardev /v file write created',
  ]);
});

test('each says which device wants it', () => {
  const devices = "<disk><source file='/a'/><target dev='vda'/></disk><serial type='file'><source path='/s'/></serial>";
  expect(hostResources(readDomain(domainXml({devices}))).map(resource => resource.device)).toEqual([
    'vda',
    'serial port 0',
  ]);
});
