import {expect, test} from 'vitest';
import {type FileGrant, mergeGrants} from '../../src/security/file-grant.ts';

const disk: FileGrant = {
  path: '/a.img',
  what: "disk 'vda'",
  kind: 'file',
  access: 'read',
  shared: true,
  owner: {uid: 64055, gid: 64055},
  restore: true,
};
const label = 'system_u:object_r:svirt_image_t:s0:c1,c2';

test('owner and label of one file become one grant', () => {
  const {owner: _, ...bare} = disk;
  const merged = mergeGrants([disk], [{...bare, label, labelIsNeeded: true, what: 'a label'}]);
  expect(merged).toEqual([{...disk, label, labelIsNeeded: true}]);
});

test('a file that two devices use is written when one writes it, and shared when both share it', () => {
  const written: FileGrant = {...disk, what: "disk 'vdb'", access: 'write', shared: false};
  const once = {...disk, access: 'write', shared: false};
  expect(mergeGrants([disk, written], [])).toEqual([once]);
  expect(mergeGrants([disk], [written])).toEqual([once]);
});

test('the paths keep their order, and what is said last of an owner counts', () => {
  const other = {...disk, path: '/b.img'};
  const root = {uid: 0, gid: 0};
  expect(mergeGrants([disk, other], [{...disk, owner: root}])).toEqual([{...disk, owner: root}, other]);
});
