import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import type {AccessFinding, AccessReport} from '../../src/model/access-report.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {sampleDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

const OK: AccessFinding = {role: 'disk', path: '/srv/b.img', access: 'read', verdict: 'ok', steps: [], remedies: []};
const COMMAND = `setfacl -m u:guest:x '/home/anna/${'a long name of a folder '.repeat(4)}'`;
const REFUSED: AccessFinding = {
  ...OK,
  device: 'vda',
  path: '/home/anna/disk.img',
  access: 'write',
  verdict: 'refused',
  why: '/home/anna: it belongs to anna:anna, mode 0700: others, so guest, may not pass through it',
  remedies: [{command: COMMAND, changes: "guest alone gets 'x' at /home/anna", argv: ['setfacl']}],
};

function explained(...findings: readonly AccessFinding[]): FakeHypervisor {
  const hypervisor = new FakeHypervisor({domains: [sampleDomain({name: 'off'})]});
  const actor = {uid: 61155, gid: 61155, user: 'guest', group: 'guest', powerlessRoot: false};
  const report: AccessReport = {domain: 'off', actor, findings, notes: []};
  hypervisor.scriptAccess('off', report);
  return hypervisor;
}

test('what is refused is printed within 80 columns, with commands whole, and is exit status 1', async () => {
  const cli = new CliHarness({hypervisor: explained(OK, REFUSED)});
  expect(await cli.run('explain', 'off')).toBe(1);
  expect(cli.stdout.text.split('\n')).toEqual([
    "Domain 'off' opens files as guest:guest (61155:61155)",
    'ok         disk: /srv/b.img',
    'refused    vda: /home/anna/disk.img (write)',
    '           /home/anna: it belongs to anna:anna, mode 0700: others, so guest, may',
    '           not pass through it',
    '           this would help:',
    `             ${COMMAND}`,
    "               guest alone gets 'x' at /home/anna",
    '',
  ]);
  expect(cli.stderr.text).toBe("error: domain 'off' cannot reach one file\n");
});

test('all reached is exit status 0, and nothing is said but that', async () => {
  const cli = new CliHarness({hypervisor: explained(OK)});
  expect(await cli.run('explain', 'off')).toBe(0);
  expect(cli.stderr.text).toBe('');
});

test('as JSON it is the report, with the same exit status', async () => {
  const cli = new CliHarness({hypervisor: explained(OK, REFUSED)});
  expect(await cli.run('explain', 'off', '--json')).toBe(1);
  expect(JSON.parse(cli.stdout.text)).toMatchObject({
    domain: 'off',
    findings: [{verdict: 'ok'}, {remedies: [{command: COMMAND}]}],
  });
});

test('a start that fails names the file that is refused, and the command that explains', async () => {
  const hypervisor = explained(OK, REFUSED);
  hypervisor.failNext('domainCreate', new VirtError('INTERNAL_ERROR', 'QEMU', 'the emulator refused'));
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('start', 'off')).toBe(1);
  expect(cli.stderr.text).toBe(
    "error: the emulator refused\nhint: vda: /home/anna/disk.img is refused; 'virtty explain off' says why, and what would help\n",
  );
});
