import {existsSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {completeDomain} from '../../src/model/post-parse/complete-domain.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {withEmulator} from './run-emulator.ts';

const X86 = '/usr/bin/qemu-system-x86_64';
const skipped = existsSync(X86) ? '' : ` (skipped: no ${X86})`;

const DEVICES = `
  <controller type='usb' model='qemu-xhci' ports='8'/>
  <controller type='scsi' model='virtio-scsi'/>
  <disk device='floppy'><target dev='fda' bus='fdc'/></disk>
  <interface type='user'><model type='virtio'/><driver event_idx='off' rx_queue_size='512'/></interface>
  <interface type='user'><model type='e1000e'/></interface>
  <parallel type='null'/>
  <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
  <channel type='null'><target type='virtio' name='a'/></channel>
  <input type='tablet' bus='usb'/><input type='mouse' bus='virtio'/><input type='keyboard' bus='usb'/>
  <graphics type='vnc'/>
  <sound model='ich9'><codec type='micro'/></sound><sound model='ac97'/>
  <audio id='1' type='none'/>
  <video><model type='virtio' heads='1'/></video>
  <hub type='usb'/>
  <watchdog model='i6300esb' action='pause'/>
  <memballoon model='virtio' autodeflate='on'/>
  <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  <panic model='isa'/>`;

const CPU = `<cpu mode='custom'><model>qemu64</model><topology sockets='1' cores='2' threads='1'/>
  <feature policy='disable' name='svm'/>
  <numa><cell id='0' cpus='0' memory='32' unit='MiB'/><cell id='1' cpus='1' memory='32' unit='MiB'/></numa></cpu>
  <vcpu>2</vcpu><pm><suspend-to-mem enabled='no'/></pm>`;

test.skipIf(skipped !== '').each(['pc', 'q35'])(
  `QEMU takes a %s with everything that is placed for it, and without places${skipped}`,
  async machine => {
    const probed = await probeEmulator(X86);
    if (probed.status !== 'ok') throw new Error(probed.why);
    const {caps} = probed;
    const os = `<os><type arch='x86_64' machine='${machine}'>hvm</type><bootmenu enable='yes' timeout='10'/></os>`;
    const def = readDomain(domainXml({os, memory: "<memory unit='MiB'>64</memory>", devices: DEVICES, more: CPU}));
    const facts = {
      devices: caps.devices,
      defaultCpu: () => undefined,
      isCpuUsable: () => true,
      hasMigratableHostCpu: false,
      newUuid: () => '00000000-0000-4000-8000-000000000000',
    };
    await withTempRoot(async root => {
      for (const [name, made] of Object.entries({plain: def, placed: completeDomain(def, facts)})) {
        const directory = root.join(name);
        await mkdir(directory);
        await withEmulator({path: X86, def: made, caps, runDir: directory}, async monitor => {
          expect(await monitor.execute('query-status')).toMatchObject({running: false});
        });
      }
    });
  },
);
