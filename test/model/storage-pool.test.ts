import {expect, test} from 'vitest';
import {parsePool, volumeOf} from '../../src/model/storage-pool.ts';

const volume = (name: string, mode?: 'direct' | 'host') =>
  ({type: 'volume', pool: 'p', volume: name, ...(mode ? {mode} : {})}) as const;

const pool = (type: string, source: string, target = '') =>
  parsePool(
    `<pool type='${type}'><name>p</name><source>${source}</source>${target && `<target><path>${target}</path></target>`}</pool>`,
  );

const SERVER = "<host name='s.example.org' port='3261'/>";
const AUTH = "<auth type='chap' username='me'><secret usage='u'/></auth>";

test.each([
  ['dir', '', '/images', volume('a.img'), {type: 'file', path: '/images/a.img'}],
  ['netfs', "<dir path='/export'/>", '/mnt', volume('a'), {type: 'file', path: '/mnt/a'}],
  ['logical', '<name>vg</name>', '', volume('lv'), {type: 'block', path: '/dev/vg/lv'}],
  ['disk', "<device path='/dev/sdb'/>", '/dev', volume('sdb1'), {type: 'block', path: '/dev/sdb1'}],
  [
    'iscsi',
    `${SERVER}<device path='iqn.x'/><initiator><iqn name='iqn.me'/></initiator>${AUTH}`,
    '/dev/disk/by-path',
    volume('unit:0:0:3', 'direct'),
    {
      type: 'network',
      protocol: 'iscsi',
      name: 'iqn.x/3',
      hosts: [{name: 's.example.org', port: 3261}],
      auth: {username: 'me', secret: {type: 'iscsi', usage: 'u'}},
      initiator: 'iqn.me',
    },
  ],
  [
    'iscsi',
    `${SERVER}<device path='iqn.x'/>`,
    '/dev/disk/by-path',
    volume('unit:0:0:3'),
    {type: 'block', path: '/dev/disk/by-path/ip-s.example.org:3261-iscsi-iqn.x-lun-3'},
  ],
  ['rbd', '<name>ceph</name>', '', volume('image'), {type: 'network', protocol: 'rbd', name: 'ceph/image'}],
  [
    'gluster',
    "<name>g</name><dir path='/d/'/>",
    '',
    volume('image'),
    {type: 'network', protocol: 'gluster', name: 'g/d/image'},
  ],
  ['iscsi', SERVER, '', volume('unit:0:0:3', 'direct'), undefined],
  ['else', '', '/x', volume('a'), undefined],
])('a volume of a pool of the type %s', (type, source, target, wanted, found) => {
  const made = pool(type, source, target);
  if (typeof made === 'string') throw new Error(made);
  expect(volumeOf(made, wanted)).toEqual(found);
});

test.each(['<pool/>', "<pool type='dir'/>", '<domain/>', '<pool', ''])('%j is no pool', xml => {
  expect(typeof parsePool(xml)).toBe('string');
});
