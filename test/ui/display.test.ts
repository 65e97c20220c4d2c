import {afterEach, expect, test} from 'vitest';
import type {Picture} from '../../src/base/picture.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain, sampleSecurity} from '../support/samples.ts';
import {OpenScreen} from './screen-harness.ts';

let screen: OpenScreen | undefined;
afterEach(async () => {
  if (!screen) return;
  screen.type('\x03');
  screen.type('\x03');
  screen.type('\x03');
  await screen.ended;
  screen = undefined;
});

/** Left half white, right half black. */
const HALVES: Picture = {
  width: 4,
  height: 2,
  rgb: Uint8Array.from({length: 24}, (_, at) => (at % 12 < 6 ? 255 : 0)),
};

function guest(running = true): FakeHypervisor {
  const domain = running ? runningDomain('mail', 1) : sampleDomain({name: 'mail'});
  const hypervisor = new FakeHypervisor({domains: [domain]});
  hypervisor.scriptLog('mail', []);
  hypervisor.scriptSecurity('mail', sampleSecurity('mail'));
  hypervisor.scriptStats('mail', {atMs: 1000, cpuTimeNs: 0n, rssKiB: 2048n, vcpus: 1});
  hypervisor.scriptPicture('mail', HALVES);
  return hypervisor;
}

const shots = (hypervisor: FakeHypervisor) => hypervisor.methods.filter(method => method === 'domainScreenshot').length;

async function open(hypervisor: FakeHypervisor, options: ConstructorParameters<typeof OpenScreen>[1] = {}) {
  const it = new OpenScreen(hypervisor, options);
  screen = it;
  await it.see('1 of 1');
  return it;
}

test('v shows the guest with the size and time of the picture, r takes another, Esc ends that', async () => {
  const hypervisor = guest();
  const it = await open(hypervisor);
  expect(shots(hypervisor)).toBe(0);
  it.type('v');
  await it.see(/Screen of mail .* 4x2, \d\d:\d\d:\d\d/);
  await it.see('▀'.repeat(80));
  const before = shots(hypervisor);
  it.type('r');
  await expect.poll(() => shots(hypervisor)).toBeGreaterThan(before);
  it.type('\x1b');
  await it.seeNo('Screen of mail');
});

test('without UTF-8 the picture is drawn in ASCII', async () => {
  const it = await open(guest(), {env: {LANG: 'C', TERM: 'vt100'}});
  it.type('v');
  await it.see(`${'@'.repeat(40)}\n`);
});

test("t types a line on the guest's keyboard, D asks before Ctrl-Alt-Del", async () => {
  const hypervisor = guest();
  const it = await open(hypervisor);
  it.type('v');
  await it.see('Screen of mail');
  it.type('t');
  await it.see('type: ');
  it.type('Hq');
  await it.see('type: Hq');
  it.type('\r');
  await it.seeNo('type: Hq');
  it.type('D');
  await it.see("Press Ctrl-Alt-Del on 'mail'?");
  await it.see('Screen of mail');
  it.type('y');
  await it.see('Ctrl-Alt-Del pressed');
  expect(hypervisor.calls.filter(call => call.method === 'domainSendKeys').map(call => call.args[1])).toEqual([
    [['shift', 'h'], ['q'], ['ret']],
    [['ctrl', 'alt', 'delete']],
  ]);
});

test('i gives the keyboard to the guest: every key goes there in its order, until Ctrl-]', async () => {
  const hypervisor = guest();
  const it = await open(hypervisor);
  it.type('v');
  await it.see('Screen of mail');
  it.type('i');
  await it.see('Ctrl-]');
  const release = hypervisor.hold('domainSendKeys');
  it.type('qV\r\x1b[A\x1bOQ\x03');
  it.type('\x1b[200~a\r\nb\x1b[201~');
  release();
  const pressed = () =>
    hypervisor.calls.filter(call => call.method === 'domainSendKeys').flatMap(call => call.args[1] as string[][]);
  await expect
    .poll(pressed)
    .toEqual([['q'], ['shift', 'v'], ['ret'], ['up'], ['f2'], ['ctrl', 'c'], ['a'], ['ret'], ['b']]);
  it.type('\u00e9');
  await it.see('US layout has no key for \u00e9');
  it.type('\x1d');
  await it.see('t line');
  it.type('q');
  await it.seeNo('Screen of mail');
  expect(pressed()).toHaveLength(9);
});

test('w saves the picture and says where', async () => {
  const saved: (readonly [Picture, string])[] = [];
  const savePicture = async (picture: Picture, domain: string) => {
    saved.push([picture, domain]);
    return '/pictures/mail.png';
  };
  const it = await open(guest(), {savePicture});
  it.type('v');
  await it.see('4x2');
  it.type('w');
  await it.see('Picture saved to /pictures/mail.png');
  expect(saved).toEqual([[HALVES, 'mail']]);
});

test('a guest without a screen is told with what to do, one that is off with how to start it', async () => {
  const hypervisor = guest();
  const blind = new VirtError('OPERATION_INVALID', 'QEMU', 'it has no video device', {hint: 'add one\x1b[2J'});
  hypervisor.failNext('domainScreenshot', blind);
  const it = await open(hypervisor);
  it.type('v');
  await it.see('it has no video device; add one');
  hypervisor.change('mail', {state: {is: 'shut off', reason: 'destroyed'}});
  await it.see('s starts it');
});

test('+ shows a part larger, the arrows move it, - goes back', async () => {
  const hypervisor = guest();
  const width = 400;
  const pixel = (at: number) => (Math.floor(at / 3) % width < width / 2 ? 255 : 0);
  const rgb = Uint8Array.from({length: 3 * width * 200}, (_, at) => pixel(at));
  hypervisor.scriptPicture('mail', {width, height: 200, rgb});
  const it = await open(hypervisor, {env: {LANG: 'C', TERM: 'vt100'}});
  it.type('v');
  await it.see(/^ *@{38,40} *$/m);
  it.type('+');
  await it.see('@'.repeat(80));
  it.type('l'.repeat(8));
  await it.seeNo('@@');
  it.type('-');
  await it.see(/^ *@{38,40} *$/m);
});
