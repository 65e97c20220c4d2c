import {expect, test} from 'vitest';
import {formatProblem} from '../../src/base/problem.ts';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';

type Json = Readonly<Record<string, unknown>>;

/** The XML of a disk on the last of some nodes, on one line; or what is kept. */
function xmlOf(nodes: readonly Json[], ...more: readonly string[]): string {
  const blockdevs = nodes.flatMap(node => ['-blockdev', JSON.stringify(node)]);
  const disk = ['-device', 'virtio-blk-pci,drive=top'];
  const {def, problems} = domainFromWords([
    '/usr/bin/qemu-system-x86_64',
    '-nodefaults',
    ...more,
    ...blockdevs,
    ...disk,
  ]);
  if (!def) return problems.map(formatProblem).join('\n');
  const xml = formatDomain(def).replaceAll(/>\s+</g, '><');
  return /<disk.*<\/disk>/.exec(xml)?.[0] ?? problems.map(formatProblem).join('\n');
}

const file = (name: string, path: string): Json => ({driver: 'file', filename: path, 'node-name': name});
const top = (storage: Json): readonly Json[] => [
  {...storage, 'node-name': 'bytes', 'auto-read-only': true, discard: 'unmap'},
  {driver: 'raw', file: 'bytes', 'node-name': 'top', 'read-only': false},
];

test.each<[string, readonly Json[], string]>([
  [
    'an image of an image, and nothing below it',
    [
      file('base-file', '/base.img'),
      {driver: 'raw', file: 'base-file', 'node-name': 'base', 'read-only': true},
      file('file', '/top.qcow2'),
      {driver: 'qcow2', file: 'file', backing: 'base', 'node-name': 'top', cache: {direct: true, 'no-flush': false}},
    ],
    "<driver name='qemu' type='qcow2' cache='none'/><source file='/top.qcow2'/><backingStore type='file'>" +
      "<format type='raw'/><source file='/base.img'/></backingStore>",
  ],
  [
    'an end',
    [file('file', '/a.qcow2'), {driver: 'qcow2', file: 'file', backing: null, 'node-name': 'top'}],
    "<source file='/a.qcow2'/><backingStore/>",
  ],
  [
    'nodes in each other',
    [{driver: 'qcow2', 'node-name': 'top', file: {driver: 'host_device', filename: '/dev/pool/a', aio: 'native'}}],
    "<disk type='block' device='disk'><driver name='qemu' type='qcow2' io='native'/><source dev='/dev/pool/a'/>",
  ],
  ['a node of bytes alone', [file('top', '/a.img')], "<driver name='qemu' type='raw'/><source file='/a.img'/>"],
  [
    'a part of a file',
    [file('bytes', '/a.img'), {driver: 'raw', file: 'bytes', offset: 4096, size: 8192, 'node-name': 'top'}],
    "<source file='/a.img'><slices><slice type='storage' offset='4096' size='8192'/></slices></source>",
  ],
  [
    'NBD over TLS',
    top({driver: 'nbd', server: {type: 'inet', host: 'n.example.net', port: '10810'}, export: 'x', 'tls-creds': 't'}),
    "<source protocol='nbd' name='x' tls='yes'><host name='n.example.net' port='10810'/></source>",
  ],
  [
    'NBD on a socket',
    top({driver: 'nbd', server: {type: 'unix', path: '/run/nbd'}}),
    "<source protocol='nbd'><host transport='unix' socket='/run/nbd'/></source>",
  ],
  [
    'RBD',
    top({
      driver: 'rbd',
      pool: 'p',
      image: 'i',
      conf: '/etc/c.conf',
      snapshot: 's',
      server: [
        {host: 'a', port: '6789'},
        {host: 'b', port: '6790'},
      ],
    }),
    "<source protocol='rbd' name='p/i'><host name='a' port='6789'/><host name='b' port='6790'/>" +
      "<snapshot name='s'/><config file='/etc/c.conf'/></source>",
  ],
  [
    'iSCSI',
    top({driver: 'iscsi', portal: 'i.example.net:3261', target: 'iqn.2001-04.net.example:v', lun: 3, transport: 'tcp'}),
    "<source protocol='iscsi' name='iqn.2001-04.net.example:v/3'><host name='i.example.net' port='3261'/></source>",
  ],
  [
    'HTTPS',
    top({
      driver: 'https',
      url: 'https://w.example.net:8443/a/b.iso?c=d',
      sslverify: false,
      timeout: 7,
      readahead: 65536,
    }),
    "<source protocol='https' name='a/b.iso' query='c=d'><host name='w.example.net' port='8443'/>" +
      "<ssl verify='no'/><readahead size='65536'/><timeout seconds='7'/></source>",
  ],
  [
    'Gluster',
    top({driver: 'gluster', volume: 'v', path: 'a.img', server: [{type: 'unix', path: '/run/g'}], debug: 4}),
    "<source protocol='gluster' name='v/a.img'><host transport='unix' socket='/run/g'/></source>",
  ],
  [
    'NVMe',
    top({driver: 'nvme', device: '0000:02:00.0', namespace: 1}),
    "<source type='pci' managed='yes' namespace='1'><address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>",
  ],
  ['a directory', top({driver: 'vvfat', dir: '/srv/files'}), "<source dir='/srv/files'/>"],
])('%s', (_, nodes, xml) => expect(xmlOf(nodes)).toContain(xml));

test('a key is a secret of the driver’s, under the name that it had', () => {
  const nodes = [file('file', '/a.luks'), {driver: 'luks', 'key-secret': 'k0', file: 'file', 'node-name': 'top'}];
  const xml = xmlOf(nodes, '-object', 'secret,id=k0,data=abc');
  expect(xml).toContain("<encryption format='luks'><secret type='passphrase' usage='k0'/></encryption>");
  expect(xml).not.toContain('abc');
});

test('a limit of a group is one of the disk', () => {
  const group = '{"qom-type":"throttle-group","id":"g","limits":{"iops-total":500}}';
  const nodes = [file('file', '/a.img'), {driver: 'throttle', 'throttle-group': 'g', file: 'file', 'node-name': 'top'}];
  expect(xmlOf(nodes, '-object', group)).toContain('<iotune><total_iops_sec>500</total_iops_sec></iotune>');
});

test.each<[string, readonly Json[]]>([
  ['says more than the XML can', [{...file('top', '/a.img'), 'x-thing': 1}]],
  ['has a driver that the XML has no word for', [{driver: 'null-co', size: 512, 'node-name': 'top'}]],
  ['is its own image', [{driver: 'raw', file: 'top', 'node-name': 'top'}]],
  ['is not there', []],
])('an image that %s is kept with its device', (_, nodes) => {
  expect(xmlOf(nodes)).toContain("'-device virtio-blk-pci,drive=top' is kept as <qemu:arg>");
});

test('a LUN of an iSCSI server that is passed through keeps its place', () => {
  const node = {driver: 'iscsi', portal: 'i.example.net:3260', target: 'iqn.2001-04.net.example:v', lun: 2};
  const {def} = domainFromWords([
    ...['/usr/bin/qemu-system-x86_64', '-device', 'virtio-scsi-pci,id=scsi0'],
    ...['-blockdev', JSON.stringify({...node, transport: 'tcp', 'node-name': 'a'})],
    ...['-device', 'scsi-generic,drive=a,bus=scsi0.0,channel=0,scsi-id=0,lun=4'],
  ]);
  expect(def?.devices.find(({kind}) => kind === 'hostdev')).toMatchObject({
    host: {type: 'scsi', source: {protocol: 'iscsi', name: 'iqn.2001-04.net.example:v/2'}},
    address: {type: 'drive', controller: 0, bus: 0, target: 0, unit: 4},
  });
});
