import {existsSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {beforeAll, describe, expect, test} from 'vitest';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {withEmulator} from './run-emulator.ts';

const X86 = '/usr/bin/qemu-system-x86_64';

/** Every adapter that a PC can have, by the name that libvirt passes on. */
const MODELS = [
  'virtio',
  'virtio-transitional',
  'virtio-non-transitional',
  'e1000',
  'e1000-82545em',
  'e1000e',
  'rtl8139',
  'ne2k_pci',
  'pcnet',
  'i82550',
  'i82557b',
  'i82559er',
  'vmxnet3',
  'tulip',
  'usb-net',
];

const OFF = ['csum', 'tso4', 'tso6', 'ecn', 'ufo'].map(name => `${name}='off'`).join(' ');

describe.skipIf(!existsSync(X86))(`what ${X86} really takes (needs it)`, () => {
  let caps: EmulatorCaps;
  beforeAll(async () => {
    const probed = await probeEmulator(X86);
    if (probed.status !== 'ok') throw new Error(probed.why);
    caps = probed.caps;
  });

  /** What a guest with these devices says of itself; `DIR` is a directory. */
  async function ask(devices: string, command: string, machine = 'pc'): Promise<string> {
    return withTempRoot(async root => {
      await mkdir(root.join('shared,'));
      const os = `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>`;
      const memory = "<memory unit='MiB'>32</memory>";
      const xml = domainXml({os, memory, devices: devices.replaceAll('DIR', root.join('shared,'))});
      const run = {def: readDomain(xml), path: X86, caps, runDir: root.path};
      return withEmulator(run, async monitor =>
        String(await monitor.execute('human-monitor-command', {'command-line': command})),
      );
    });
  }

  test('adapters of every model', async () => {
    const models = MODELS.map(model => `<interface type='user'><model type='${model}'/></interface>`).join('');
    const said = await ask(`<controller type='usb' model='qemu-xhci'/>${models}`, 'info network');
    for (const index of MODELS.keys()) expect(said).toContain(`net${index}: `);
  });

  test('networks that need nothing of the host', async () => {
    const said = await ask(
      [
        "<interface type='user'><ip address='172.17.2.0' family='ipv4' prefix='24'/><ip address='2001:db8::' family='ipv6' prefix='64'/></interface>",
        "<interface type='server'><source address='127.0.0.1' port='45871'/></interface>",
        "<interface type='client'><source address='127.0.0.1' port='45871'/></interface>",
        "<interface type='udp'><source address='127.0.0.1' port='45872'><local address='127.0.0.1' port='45873'/></source></interface>",
        "<interface type='null'><model type='virtio'/></interface>",
        "<interface type='user'><backend type='default'/><teaming type='persistent'/><alias name='ua-t'/><model type='virtio'/></interface>",
      ].join(''),
      'info network',
    );
    expect(said).toContain('net=172.17.2.0');
    expect(said).toContain('127.0.0.1:45872');
    expect(said).toContain('ua-t: ');
  });

  test('everything that is said of a virtio adapter', async () => {
    const driver = `<driver name='qemu' txmode='iothread' ioeventfd='on' event_idx='off' queues='3' rx_queue_size='512'
      tx_queue_size='256' rss='on' rss_hash_report='on' iommu='on' ats='on' packed='on' page_per_vq='on'>
      <host ${OFF} gso='off' mrg_rxbuf='off'/><guest ${OFF}/></driver>`;
    const nic = `<interface type='user'><model type='virtio-non-transitional'/>${driver}<mtu size='1400'/><rom bar='off'/><acpi index='9'/>
      <boot order='1'/></interface>`;
    const said = await ask(nic, 'info qtree');
    for (const property of [
      'mq = true',
      'host_mtu = 1400',
      'acpi-index = 9',
      'rombar = 0',
      'packed = true',
      'rx_queue_size = 512',
    ])
      expect(said).toContain(property);
  });

  test('directories over 9p, with every way to keep owners apart', async () => {
    const modes = ['passthrough', 'mapped', 'squash'].map(
      mode =>
        `<filesystem accessmode='${mode}' multidevs='forbid'><driver type='path' wrpolicy='immediate'/><source dir='DIR'/><target dir='${mode}'/></filesystem>`,
    );
    const more =
      "<filesystem accessmode='mapped' fmode='0640' dmode='0750' model='virtio-non-transitional'><source dir='DIR'/><target dir='m,'/><readonly/></filesystem>";
    const said = await ask(modes.join('') + more, 'info qtree');
    for (const tag of ['passthrough', 'mapped', 'squash', 'm,']) expect(said).toContain(`mount_tag = "${tag}"`);
  });

  test('controllers of every type and model', async () => {
    const scsi = [
      'lsilogic',
      'lsisas1068',
      'lsisas1078',
      'vmpvscsi',
      'am53c974',
      'dc390',
      'virtio-scsi',
      'virtio-transitional',
    ];
    const usb = ['piix3-uhci', 'piix4-uhci', 'ehci', 'pci-ohci', 'nec-xhci', 'qemu-xhci', 'ich9-ehci1'];
    const companions = [1, 2, 3].map(
      number =>
        `<controller type='usb' index='6' model='ich9-uhci${number}'><master startport='${2 * number - 2}'/></controller>`,
    );
    const said = await ask(
      [
        ...scsi.map((model, index) => `<controller type='scsi' index='${index}' model='${model}'/>`),
        ...usb.map((model, index) => `<controller type='usb' index='${index}' model='${model}'/>`),
        ...companions,
        "<controller type='sata' index='0'/><controller type='ccid' index='0'/><controller type='ide' index='0'/>",
        "<controller type='fdc' index='0'/><controller type='isa' index='0'/>",
        "<controller type='virtio-serial' index='0' model='virtio-non-transitional' ports='31' vectors='2'><driver iommu='on'/></controller>",
        "<controller type='scsi' index='8' model='virtio-scsi'><driver queues='2' cmd_per_lun='8' max_sectors='512' ioeventfd='on'/></controller>",
        "<controller type='pci' index='0' model='pci-root'/><controller type='pci' index='1' model='pci-bridge'><target chassisNr='7'/></controller>",
      ].join(''),
      'info qtree',
    );
    for (const id of ['scsi0', 'scsi7', 'usb', 'usb5', 'usb6', 'sata0', 'ccid0', 'virtio-serial0', 'pci.1'])
      expect(said).toContain(`id "${id}"`);
  });

  test('the PCI Express controllers of a q35', async () => {
    const pci = (index: number, model: string, place: string, inside = '') =>
      `<controller type='pci' index='${index}' model='${model}'>${inside}<address type='pci' domain='0' ${place}/></controller>`;
    const said = await ask(
      [
        "<controller type='pci' index='0' model='pcie-root'/>",
        pci(1, 'pcie-root-port', "bus='0' slot='3' function='0'", "<target chassis='1' port='0x18' hotplug='off'/>"),
        pci(
          2,
          'pcie-root-port',
          "bus='0' slot='4' function='0'",
          "<model name='ioh3420'/><target chassis='2' port='0x20'/>",
        ),
        pci(3, 'pcie-switch-upstream-port', "bus='1' slot='0' function='0'"),
        pci(4, 'pcie-switch-downstream-port', "bus='3' slot='0' function='0'", "<target chassis='4' port='0'/>"),
        pci(5, 'dmi-to-pci-bridge', "bus='0' slot='5' function='0'"),
        pci(6, 'pcie-to-pci-bridge', "bus='2' slot='0' function='0'"),
        pci(7, 'pcie-expander-bus', "bus='0' slot='6' function='0'", "<target busNr='200'/>"),
      ].join(''),
      'info qtree',
      'q35',
    );
    for (const index of [1, 2, 3, 4, 5, 6, 7]) expect(said).toContain(`id "pci.${index}"`);
  });
});
