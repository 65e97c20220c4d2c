import {expect, test} from 'vitest';
import {parseAccountDatabase} from '../../src/host/users.ts';
import {withDacLabel} from '../../src/security/dac-label.ts';
import {type IdentityRequest, resolveIdentity} from '../../src/security/guest-identity.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const ACCOUNTS = parseAccountDatabase(
  'root:x:0:0::/root:/bin/sh\nqemu:x:107:36::/:/bin/false\nme:x:1000:1000::/home/me:/bin/sh\n+nis::::::\n',
  'root:x:0:\nkvm:x:36:\nrender:x:105:me,qemu\nsound:x:29:qemu\n',
);
const ROOT = {uid: 0, gid: 0};
const ME = {uid: 1000, gid: 1000};

const seclabels = (...texts: readonly string[]) => readDomain(domainXml({more: texts.join('')})).seclabels ?? [];
const identity = (request: Partial<IdentityRequest>) => resolveIdentity({driver: ROOT, ...request}, ACCOUNTS);
const dac = (type: string, inner: string) => ({
  seclabels: seclabels(`<seclabel type='${type}' model='dac'>${inner}</seclabel>`),
});

test.each([
  ["nothing: root's own, with root's groups", {}, {uid: 0, gid: 0, groups: [0]}],
  ['a user, with its group and its memberships', {user: 'qemu'}, {uid: 107, gid: 36, groups: [29, 36, 105]}],
  ['a user and a group', {user: 'qemu', group: 'render'}, {uid: 107, gid: 105, groups: [29, 105]}],
  ['a group alone', {group: 'kvm'}, {uid: 0, gid: 36, groups: [36]}],
  ['numbers that have no name', {user: '+64055', group: '+109'}, {uid: 64055, gid: 109, groups: [109]}],
  [
    'a static label',
    {user: 'me', ...dac('static', '<label>qemu:kvm</label>')},
    {uid: 107, gid: 36, groups: [29, 36, 105]},
  ],
  ['a label of numbers', dac('static', '<label>+5:+6</label>'), {uid: 5, gid: 6, groups: [6]}],
  ['a base label', dac('dynamic', '<baselabel>me:kvm</baselabel>'), {uid: 1000, gid: 36, groups: [36, 105]}],
  ['a label that says nothing', {user: 'qemu', ...dac('none', '')}, {uid: 107, gid: 36, groups: [29, 36, 105]}],
])('as whom a guest of root runs by %s', (_, request, expected) => {
  expect(identity(request)).toEqual(expected);
});

test.each([
  [{user: 'nix'}, 'user', "there is no user 'nix'"],
  [{user: 'qemu', group: '-1'}, 'group', "there is no group '-1'"],
  [{user: '+64055'}, 'user', 'its group has to be named, too'],
  [dac('static', '<label>qemu</label>'), 'seclabel', "the label 'qemu' has to be USER:GROUP"],
  [dac('static', '<label>nix:kvm</label>'), 'seclabel', "no user 'nix' on this host, of the label 'nix:kvm'"],
  [dac('static', '<label>qemu:</label>'), 'seclabel', "no group ''"],
  [dac('static', '<label>+4294967295:+0</label>'), 'seclabel', "no user '+4294967295'"],
] as const)('%j is refused by %s', (request, by, why) => {
  expect(identity(request)).toEqual({by, why: expect.stringContaining(why)});
});

test('a session runs guests as its own user, keeps its groups, and refuses everybody else', () => {
  expect(identity({driver: ME})).toEqual(ME);
  expect(identity({driver: ME, user: 'me'})).toEqual(ME);
  expect(identity({driver: ME, user: 'qemu'})).toEqual({
    by: 'user',
    why: 'only root can run guests as 107:36: a session runs them as its own user, 1000:1000, and has no finer level',
  });
  expect(identity({driver: ME, group: 'render'})).toMatchObject({by: 'group'});
  expect(identity({driver: ME, ...dac('static', '<label>root:root</label>')})).toMatchObject({by: 'seclabel'});
});

test('the label of a run names its user and group, and that of its images unless they are left alone', () => {
  const label = '+107:+36';
  const own = {type: 'dynamic', model: 'dac', relabel: true, label, imagelabel: label};
  const live = (...texts: readonly string[]) => withDacLabel(seclabels(...texts), {uid: 107, gid: 36});
  expect(live()).toEqual([own]);
  const selinux = "<seclabel type='dynamic' model='selinux' relabel='yes'/>";
  expect(live(selinux)).toEqual([{type: 'dynamic', model: 'selinux', relabel: true}, own]);
  expect(live("<seclabel type='dynamic' model='dac'/>")).toEqual([own]);
  const fixed = "<seclabel type='static' model='dac' relabel='no'><label>qemu:kvm</label></seclabel>";
  expect(live(fixed)).toEqual([{type: 'static', model: 'dac', relabel: false, label: 'qemu:kvm'}]);
  expect(live("<seclabel type='none' model='dac'/>")).toEqual([{type: 'none', model: 'dac'}]);
});
