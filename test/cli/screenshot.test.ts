import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {decodePpm, type Picture} from '../../src/base/picture.ts';
import {pictureFileName} from '../../src/cli/save-picture.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain} from '../support/samples.ts';
import {makeTempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

const PICTURE: Picture = {width: 1, height: 2, rgb: Uint8Array.from([1, 2, 3, 4, 5, 6])};

function makeCli(): {readonly hypervisor: FakeHypervisor; readonly cli: CliHarness} {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1), sampleDomain({name: 'off'})]});
  hypervisor.scriptPicture('web', PICTURE);
  return {hypervisor, cli: new CliHarness({hypervisor})};
}

test('saves a picture under the name given, PNG or what its name says', async () => {
  const root = await makeTempRoot();
  try {
    const {cli} = makeCli();
    expect(await cli.run('screenshot', 'web', root.join('a.png'))).toBe(0);
    expect(cli.stdout.text).toBe(`Screenshot saved to ${root.join('a.png')}, with type of image/png\n\n`);
    expect(readFileSync(root.join('a.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(cli.opened).toEqual(['qemu:///session reader']);
    expect(await makeCli().cli.run('screenshot', 'web', '--file', root.join('a.ppm'), '--screen', '0')).toBe(0);
    expect(decodePpm(readFileSync(root.join('a.ppm')))).toMatchObject({width: 1, height: 2});
  } finally {
    await root.remove();
  }
});

test('names a file as virsh does, and never a path', () => {
  expect(pictureFileName('web', new Date(2026, 10, 4, 2, 5, 9).getTime())).toBe('web-2026-11-04-02:05:09.png');
  expect(pictureFileName('../x', 0)).toMatch(/^%2E\.%2Fx-/);
});

test('passes the screen on, and prints nothing but the picture on the standard output', async () => {
  const {hypervisor, cli} = makeCli();
  expect(await cli.run('screenshot', 'web', '-', '--screen', '1')).toBe(0);
  expect(cli.stdout.text).toMatch(/^.PNG.*IEND.{4}$/s);
  expect(hypervisor.calls.find(call => call.method === 'domainScreenshot')?.args).toEqual(['web', {screen: 1}]);
});

test('a guest that is off, a file that cannot be written and a screen that is no number are refused', async () => {
  expect(await makeCli().cli.run('screenshot', 'off', 'x.png')).toBe(1);
  const {cli} = makeCli();
  expect(await cli.run('screenshot', 'web', '/nowhere/x.png')).toBe(1);
  expect(cli.stderr.text).toContain("cannot write '/nowhere/x.png': there is no such file or directory");
  expect(await makeCli().cli.run('screenshot', 'web', '--screen', 'x')).toBe(2);
  expect(await makeCli().cli.run('screenshot', 'web', '-', '--json')).toBe(2);
});
