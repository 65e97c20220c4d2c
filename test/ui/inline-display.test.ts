import {afterEach, describe, expect, test} from 'vitest';
import type {Picture} from '../../src/base/picture.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {decodeSixel, KittyTerminal} from '../support/image-decoders.ts';
import {runningDomain, sampleSecurity} from '../support/samples.ts';
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

/** 80x25 letters of 8x16 as a guest's text screen has them, every other one lit. */
function textScreen(lit: number): Picture {
  const [width, height] = [640, 400];
  const isLit = (pixel: number) => (((pixel % width) >> 3) + (Math.floor(pixel / width) >> 4)) % 2 === 0;
  return {
    width,
    height,
    rgb: Uint8Array.from({length: 3 * width * height}, (_, at) => (isLit(Math.floor(at / 3)) ? lit : 0)),
  };
}

const SIZES = '\x1b[6;16;8t\x1b[4;384;640t';
const TRUE_COLOUR = {LANG: 'C.UTF-8', TERM: 'xterm-256color', COLORTERM: 'truecolor'};

function guest(): FakeHypervisor {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('mail', 1)]});
  hypervisor.scriptLog('mail', []);
  hypervisor.scriptSecurity('mail', sampleSecurity('mail'));
  hypervisor.scriptStats('mail', {atMs: 1000, cpuTimeNs: 0n, rssKiB: 2048n, vcpus: 1});
  hypervisor.scriptPicture('mail', textScreen(255));
  return hypervisor;
}

async function open(hypervisor: FakeHypervisor, options: ConstructorParameters<typeof OpenScreen>[1] = {}) {
  const it = new OpenScreen(hypervisor, {env: TRUE_COLOUR, ...options});
  screen = it;
  await it.see('1 of 1');
  return it;
}

/** The same screen in a terminal that plays kitty. */
async function openInKitty(hypervisor: FakeHypervisor, options: ConstructorParameters<typeof OpenScreen>[1] = {}) {
  const it = await open(hypervisor, options);
  expect(it.terminal.output).not.toContain('\x1b[c');
  it.type('v');
  await it.until(() => it.terminal.output.includes('\x1b[c'), 'the question who it is');
  it.type(`\x1bP>|kitty(0.32.2)\x1b\\${SIZES}\x1b[?62;c`);
  await it.until(() => it.terminal.output.includes('\x1b_Ga=q'), 'the question of the protocol');
  it.type('\x1b_Gi=118;OK\x1b\\\x1b[?62;c');
  const kitty = new KittyTerminal();
  let read = 0;
  const images = () => {
    const output = it.terminal.output.slice(0, it.terminal.output.lastIndexOf('\x1b\\') + 2);
    kitty.feed(output.slice(read));
    read = Math.max(read, output.length);
    return [...kitty.images.values()];
  };
  await it.until(() => images().length === 1, 'an image');
  return {it, images, kitty};
}

describe('in kitty', () => {
  test('the picture is an image over blank rows, and goes with the view', async () => {
    const {it, images} = await openInKitty(guest());
    // 21 rows of 16 pixels, a multiple of 6 of them.
    expect(images()).toMatchObject([{columns: 68, rows: 21, picture: {width: 538, height: 336}}]);
    expect(it.text).not.toContain('▀');
    it.type('\x1b');
    await it.until(() => images().length === 0, 'no image');
    await it.seeNo('Screen of mail');
  });

  test('no answer of the terminal becomes a key or a letter on the screen', async () => {
    const {it} = await openInKitty(guest());
    expect(it.text).not.toMatch(/Force|kitty|Gi=|62;/);
    await it.see('Screen of mail');
  });

  test('the same picture is sent once, another one takes its place', async () => {
    const hypervisor = guest();
    const {it, images} = await openInKitty(hypervisor);
    const sent = () => it.terminal.output.split('a=T').length - 1;
    it.type('r');
    it.type('r');
    const shots = () => hypervisor.methods.filter(method => method === 'domainScreenshot').length;
    await expect.poll(shots).toBeGreaterThan(1);
    expect(sent()).toBe(1);
    hypervisor.scriptPicture('mail', textScreen(128));
    it.type('r');
    await it.until(() => sent() === 2, 'another image');
    await it.until(() => images().length === 1, 'one image');
  });

  test('a menu in front removes it, a question in the footer does not', async () => {
    const {it, images} = await openInKitty(guest());
    it.type('o');
    await it.see('Actions  mail');
    expect(images()).toEqual([]);
    it.type('\x1b');
    await it.until(() => images().length === 1, 'the image again');
    it.type('D');
    await it.see('Press Ctrl-Alt-Del');
    await it.until(() => images().length === 1, 'the image above the question');
    it.type('n');
  });

  test('another size of the terminal draws it anew, and fits', async () => {
    const {it, images} = await openInKitty(guest());
    it.resize(120, 40);
    await it.until(() => images().length === 1 && images()[0]?.columns === 118, 'a larger image');
    expect(images()[0]?.rows).toBe(37);
  });

  test('larger letters are larger cells: the terminal is asked again', async () => {
    const {it, images} = await openInKitty(guest());
    const asked = () => it.terminal.output.split('\x1b[>q').length - 1;
    it.resize(60, 20);
    await it.until(() => asked() === 2, 'to be asked again');
    it.type('\x1bP>|kitty(0.32.2)\x1b\\\x1b[6;20;10t\x1b[?62;c');
    await it.until(() => it.terminal.output.split('a=q').length === 3, 'the question of the protocol again');
    it.type('\x1b_Gi=118;OK\x1b\\\x1b[?62;c');
    // 17 rows of 20 pixels, a multiple of 6 of them.
    await it.until(() => images().length === 1 && images()[0]?.columns === 54, 'the image in its new size');
    expect(images()).toMatchObject([{columns: 54, rows: 17}]);
  });

  test('a line that has not taken what was written gets no image', async () => {
    const hypervisor = guest();
    const {it} = await openInKitty(hypervisor);
    it.terminal.writableNeedDrain = true;
    hypervisor.scriptPicture('mail', textScreen(128));
    const before = it.terminal.output.length;
    it.type('r');
    const shots = hypervisor.methods.length;
    await expect.poll(() => hypervisor.methods.length).toBeGreaterThan(shots);
    expect(it.terminal.output.slice(before)).not.toContain('a=T');
    it.terminal.writableNeedDrain = false;
    it.terminal.emit('drain');
    await it.until(() => it.terminal.output.slice(before).includes('a=T'), 'the image when the line has drained');
  });
});

test('a terminal with sixels gets them within the pane, and blanks when it is left', async () => {
  const it = await open(guest());
  it.type('v');
  await it.until(() => it.terminal.output.includes('\x1b[c'), 'the question who it is');
  it.type(`${SIZES}\x1b[?62;4c`);
  await it.until(() => it.terminal.output.includes('a=q'), 'the question of the protocol');
  it.type('\x1b[?62;4c');
  const sixels = () => /\x1b\[(\d+);(\d+)H(\x1bP0;1;0q[^\x1b]*\x1b\\)/.exec(it.terminal.output);
  await it.until(() => sixels() !== null, 'sixels');
  const [, row, , stream = ''] = sixels() ?? [];
  const {width, height} = decodeSixel(stream);
  expect([Number(row), width, height]).toEqual([3, 538, 336]);
  const before = it.terminal.output.length;
  it.type('\x1b');
  await it.seeNo('Screen of mail');
  expect(it.terminal.output.slice(before)).toContain('\x1b[3;7H\x1b[68X');
});

test(':display iterm2 forces a protocol, :display blocks goes back; nothing else is drawn differently', async () => {
  const it = await open(guest());
  it.type(':display iterm2\r');
  await it.see('drawn as images of iterm2');
  it.type('v');
  await it.until(() => it.terminal.output.includes('\x1b[c'), 'the question who it is');
  it.type(`${SIZES}\x1b[?62c\x1b[?62c`);
  await it.until(() => it.terminal.output.includes('\x1b]1337;File='), 'an image');
  it.type('\x1b');
  it.type(':display blocks\r');
  await it.see('drawn with blocks');
  it.type('v');
  await it.see('▀');
});

test('VIRTTY_GRAPHICS=blocks asks the terminal nothing; a word that is none is told', async () => {
  const it = await open(guest(), {env: {...TRUE_COLOUR, VIRTTY_GRAPHICS: 'blocks'}});
  it.type('v');
  await it.see('▀');
  expect(it.terminal.output).not.toContain('\x1b[c');
  it.type('\x1b');
  it.type('q');
  await it.ended;
  screen = undefined;
  const other = await open(guest(), {env: {...TRUE_COLOUR, VIRTTY_GRAPHICS: 'regis'}});
  await other.see("VIRTTY_GRAPHICS='regis'");
});

test('a terminal that never answers shows blocks, and keys work meanwhile', async () => {
  const it = await open(guest());
  it.type('v');
  await it.see('▀');
  it.type('t');
  await it.see('type: ');
  it.type('\x1b');
  await it.seeNo('type: ');
});
