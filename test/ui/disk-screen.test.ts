import {afterEach, expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleSecurity} from '../support/samples.ts';
import {OpenScreen} from './screen-harness.ts';

let screen: OpenScreen | undefined;
afterEach(async () => {
  if (!screen) return;
  for (let times = 0; times < 3; times++) screen.type('\x03');
  await screen.ended;
  screen = undefined;
});

async function open() {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('mail', 1)]});
  hypervisor.scriptLog('mail', []);
  hypervisor.scriptSecurity('mail', sampleSecurity('mail'));
  hypervisor.scriptStats('mail', {atMs: 1000, cpuTimeNs: 0n, rssKiB: 2048n, vcpus: 1});
  const disks = ['vda', 'vdb'].map(dev => `<disk><target dev='${dev}' bus='virtio'/></disk>`).join('');
  hypervisor.scriptXml('mail', `<domain><devices>${disks}</devices></domain>`);
  const it = new OpenScreen(hypervisor);
  screen = it;
  await it.see('1 of 1');
  const sent = (method: string) => hypervisor.calls.find(call => call.method === method)?.args;
  /** Goes up in the menu, over these titles, and chooses the last of them. */
  const choose = async (...titles: readonly string[]) => {
    it.type('o');
    await it.see('Detach disk');
    for (const title of titles) {
      it.type('\x1b[A');
      await it.see(`> ${title}`);
    }
    it.type('\r');
  };
  return {it, sent, choose};
}

test('the menu asks for the image of a disk, with a target that is free', async () => {
  const {it, sent, choose} = await open();
  await choose('E  Explain', '   Detach disk', '   Attach disk');
  await it.see(':attach vdc ');
  it.type('/srv/more.qcow2');
  it.type('\r');
  await it.see("disk 'vdc' (qcow2) was attached to domain 'mail'");
  expect(sent('domainAttachDevice')?.[1]).toContain("<source file='/srv/more.qcow2'/>");
});

test('the menu offers the disks, and one goes after a yes only', async () => {
  const {it, sent, choose} = await open();
  await choose('E  Explain', '   Detach disk');
  await it.see(':detach ');
  await it.see('vda  vdb');
  it.type('vdb');
  it.type('\r');
  await it.see("Take disk 'vdb' from 'mail'?");
  expect(sent('domainDetachDevice')).toBeUndefined();
  it.type('y');
  await it.see("disk 'vdb' was detached from domain 'mail'");
  expect(sent('domainDetachDevice')).toEqual(['mail', {target: 'vdb'}]);
});
