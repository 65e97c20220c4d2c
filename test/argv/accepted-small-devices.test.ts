import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdir, rm} from 'node:fs/promises';
import {createServer, type Server} from 'node:net';
import {beforeAll, describe, expect, test} from 'vitest';
import {waitForChange} from '../../src/host/wait-for.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {askGuest, hasX86, probeX86, X86} from './real-x86.ts';

const SWTPM = '/usr/bin/swtpm';
const USB = "<controller type='usb' model='qemu-xhci' ports='8'/>";

/** A socket that somebody listens on. */
async function listening(path: string): Promise<Server> {
  const server = createServer();
  server.listen(path);
  await once(server, 'listening');
  return server;
}

describe.skipIf(!hasX86)(`lines and small devices that ${X86} really takes (needs it)`, () => {
  let caps: EmulatorCaps;
  beforeAll(async () => {
    caps = await probeX86();
  });

  test('every kind of host’s side that needs nothing of the host', async () => {
    const sources = [
      "type='pty'><log file='DIR/log,1' append='on'/>",
      "type='null'><log file='DIR/log2'/>",
      "type='vc'>",
      "type='file'><source path='DIR/out,=' append='on'/>",
      "type='unix'><source mode='bind' path='DIR/u,.sock'/>",
      "type='unix'><source mode='bind'/>",
      "type='unix'><source mode='connect' path='DIR/nobody'><reconnect enabled='yes' timeout='3'/></source>",
      "type='tcp'><source mode='bind' host='127.0.0.1' service='0'/><protocol type='telnet'/>",
      "type='tcp'><source mode='bind' host='::1' service='0'/>",
      "type='tcp'><source mode='connect' host='127.0.0.1' service='1'><reconnect enabled='yes' timeout='9'/></source>",
      "type='udp'><source mode='bind' host='127.0.0.1' service='0'/><source mode='connect' host='127.0.0.1' service='9'/>",
      "type='udp'><source mode='connect' host='127.0.0.1' service='9'/>",
      "type='qemu-vdagent'><source><clipboard copypaste='yes'/><mouse mode='client'/></source>",
    ];
    const channels = sources.map(
      (source, index) => `<channel ${source}<target type='virtio' name='a,=${index}'/></channel>`,
    );
    const forward =
      "<channel type='unix'><source mode='bind' path='DIR/f'/><target type='guestfwd' address='10.0.2.1' port='4600'/></channel>";
    const [chardevs, tree] = await askGuest({caps, devices: channels.join('') + forward}, 'info chardev', 'info qtree');
    for (const index of [...sources.keys(), sources.length]) expect(chardevs).toContain(`charchannel${index}: `);
    expect(tree).toContain('name = "a,=12"');
  });

  test('a pipe, and a socket that somebody listens on', () =>
    withTempRoot(async root => {
      await new Promise<void>((resolve, reject) =>
        spawn('/usr/bin/mkfifo', [root.join('p,1')]).once('exit', code =>
          code === 0 ? resolve() : reject(new Error('mkfifo')),
        ),
      );
      const server = await listening(root.join('s,1'));
      const devices = `<serial type='pipe'><source path='${root.join('p,1')}'/></serial>
        <serial type='unix'><source mode='connect' path='${root.join('s,1')}'/></serial>
        <rng model='virtio'><backend model='egd' type='unix'><source mode='connect' path='${root.join('s,1')}'/></backend></rng>`;
      const [said] = await askGuest({caps, devices}, 'info chardev');
      expect(said).toContain('charserial0: filename=pipe');
      expect(said).toContain('charserial1: filename=unix:');
      expect(said).toContain('charrng0: filename=unix:');
      server.close();
    }));

  test('serial lines, consoles and parallel ports of every kind of a PC', async () => {
    const devices = `${USB}<serial type='null'><target port='0'/></serial><serial type='null'><target port='3'/><address type='isa' iobase='0x2e8' irq='0x3'/></serial>
      <serial type='null'><target type='usb-serial'/></serial><serial type='null'><target type='pci-serial'/></serial>
      <serial type='null'><target type='isa-debug'/><address type='isa' iobase='0xe9'/></serial>
      <parallel type='null'/><parallel type='null'><target port='1'/></parallel>
      <controller type='virtio-serial' index='0' ports='8' vectors='4'/><controller type='virtio-serial' index='1' model='virtio-non-transitional'/>
      <console type='null'><target type='serial'/></console><console type='null'><target type='virtio'/></console>
      <console type='null'><target type='virtio'/><address type='virtio-serial' controller='1' bus='0' port='5'/></console>
      <console type='null'><target type='virtio'/></console>
      <channel type='null'><target type='virtio' name='n'/><address type='virtio-serial' controller='0' bus='0' port='1'/></channel>`;
    const [said] = await askGuest({caps, devices}, 'info qtree');
    for (const name of [
      'isa-serial',
      'usb-serial',
      'pci-serial',
      'isa-debugcon',
      'isa-parallel',
      'virtconsole',
      'virtserialport',
    ])
      expect(said).toContain(`dev: ${name}, id "`);
    expect(said).toContain('iobase = 744');
  });

  test('inputs, hubs, cards, watchdogs, random numbers, panics, balloons and shared memory', async () => {
    const shared = `virtty,test-${process.pid}`;
    const options = "<driver ats='on' packed='on' page_per_vq='on'/>";
    const virtio = ['mouse', 'tablet', 'keyboard'].map(type => `<input type='${type}' bus='virtio'>${options}</input>`);
    const usb = ['mouse', 'tablet', 'keyboard'].map(type => `<input type='${type}' bus='usb'/>`);
    const devices = `${USB}${virtio.join('')}${usb.join('')}<input type='keyboard' bus='ps2'/>
      <hub type='usb'/><hub type='usb'><address type='usb' bus='0' port='1'/></hub><input type='tablet' bus='usb'><address type='usb' bus='0' port='1.3'/></input>
      <smartcard mode='passthrough' type='unix'><source mode='bind' path='DIR/card'/></smartcard>
      <watchdog model='i6300esb' action='pause'/><watchdog model='ib700' action='pause'/>
      <rng model='virtio'><rate bytes='1024' period='100'/><backend model='random'>/dev/urandom</backend>${options}</rng>
      <rng model='virtio-non-transitional'><backend model='builtin'/></rng>
      <rng model='virtio-transitional'><backend model='egd' type='unix'><source mode='bind' path='DIR/egd'/></backend></rng>
      <panic model='isa'><address type='isa' iobase='0x505'/></panic><panic model='pvpanic'/>
      <memballoon model='virtio' autodeflate='on' freePageReporting='on'>${options}</memballoon>
      <shmem name='${shared}' role='master'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>
      <crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>`;
    const [said] = await askGuest({caps, devices}, 'info qtree');
    const expected = [
      ...[
        'virtio-mouse-pci',
        'virtio-tablet-pci',
        'virtio-keyboard-pci',
        'usb-mouse',
        'usb-tablet',
        'usb-kbd',
        'usb-hub',
      ],
      ...['ccid-card-passthru', 'i6300esb', 'ib700', 'virtio-rng-pci', 'virtio-rng-pci-non-transitional'],
      ...[
        'virtio-rng-pci-transitional',
        'pvpanic',
        'pvpanic-pci',
        'virtio-balloon-pci',
        'ivshmem-plain',
        'virtio-crypto-pci',
      ],
    ];
    await rm(`/dev/shm/${shared}`);
    for (const name of expected) expect(said).toMatch(new RegExp(`dev: ${name}, id "`));
    expect(said).toContain('max-bytes = 1024');
    expect(said).toContain('free-page-reporting = true');
  });

  test('the watchdog of a q35, with every action', async () => {
    for (const action of ['reset', 'shutdown', 'poweroff', 'pause', 'none', 'inject-nmi', 'dump']) {
      const [said] = await askGuest(
        {caps, machine: 'q35', devices: `<watchdog model='itco' action='${action}'/>`},
        'info status',
      );
      expect(said).toContain('paused');
    }
  });

  test.for(['tpm-tis', 'tpm-crb'])('a TPM of swtpm, of the model %s (needs swtpm)', async (model, {skip}) => {
    skip(!existsSync(SWTPM), `there is no ${SWTPM}`);
    await withTempRoot(async root => {
      await mkdir(root.join('state'));
      const socket = root.join('t.sock');
      const args = [
        'socket',
        '--tpm2',
        '--ctrl',
        `type=unixio,path=${socket}`,
        '--tpmstate',
        `dir=${root.join('state')}`,
      ];
      const swtpm = spawn(SWTPM, [...args, '--terminate'], {stdio: 'ignore'});
      await waitForChange(root.path, async () => (existsSync(socket) ? true : undefined), {timeoutMs: 10_000});
      const source = `<source type='unix' mode='connect' path='${socket}'/>`;
      const devices = `<tpm model='${model}'><backend type='external'>${source}</backend></tpm>`;
      const [said] = await askGuest({caps, devices}, 'info tpm');
      expect(said).toContain(`tpm0: model=${model}`);
      swtpm.kill('SIGKILL');
    });
  });

  test('a device of the host that is an input (needs /dev/input)', async ({skip}) => {
    skip(!existsSync('/dev/input/event0'), 'there is no /dev/input/event0');
    const devices =
      "<input type='evdev'><source dev='/dev/input/event0' grab='all' grabToggle='ctrl-ctrl' repeat='on'/></input>";
    const [said] = await askGuest({caps, devices}, 'info status');
    expect(said).toContain('paused');
  });

  test('a socket device (needs /dev/vhost-vsock)', async ({skip}) => {
    skip(!existsSync('/dev/vhost-vsock'), 'there is no /dev/vhost-vsock');
    const [said] = await askGuest({caps, devices: "<vsock model='virtio'><cid auto='yes'/></vsock>"}, 'info qtree');
    expect(said).toContain('dev: vhost-vsock-pci');
  });
});
