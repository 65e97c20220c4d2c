import {mkdir, writeFile} from 'node:fs/promises';
import {describe, expect, test} from 'vitest';
import {renderArg} from '../../src/driver/argv/render.ts';
import {describeStep} from '../../src/driver/host-steps/describe-step.ts';
import {instancePaths} from '../../src/driver/instance-paths.ts';
import {planLaunch} from '../../src/driver/launch-plan.ts';
import {isBridgeAllowed} from '../../src/driver/nets/bridge-acl.ts';
import {findNetwork} from '../../src/driver/nets/find-network.ts';
import type {NetDevice, NetFacts} from '../../src/driver/nets/net-facts.ts';
import {NetNames} from '../../src/driver/nets/net-names.ts';
import {planNets} from '../../src/driver/nets/plan-nets.ts';
import {readVirtualFunction} from '../../src/driver/nets/plan-virtual-function.ts';
import {isLinkedNic, resolveNic} from '../../src/driver/nets/resolve-nic.ts';
import {devicesOf} from '../../src/model/domain-def.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {type NetworkDef, parseNetwork} from '../../src/model/network-def.ts';
import {X86_CAPS} from '../argv/sample-caps.ts';
import {fakeTree} from '../host-info/fake-tree.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';

const device = (kind: NetDevice['kind'], more: Partial<NetDevice> = {}): NetDevice => ({
  kind,
  mtu: 1500,
  address: '02:00:00:00:00:01',
  isUp: true,
  isUsed: false,
  ...more,
});

const FACTS: NetFacts = {
  devices: new Map([
    ['br0', device('bridge', {mtu: 9000})],
    ['eth0', device('other')],
    ['eth1', device('other', {isUsed: true})],
    ['down0', device('other', {isUp: false})],
    ['tap7', device('tap')],
  ]),
  programs: {ip: '/sbin/ip', passt: '/bin/passt', bridgeHelper: '/qemu-bridge-helper'},
  hasTun: true,
  hasVhostNet: false,
};

interface Surroundings {
  readonly facts?: Partial<NetFacts>;
  readonly uid?: number;
  readonly type?: 'kvm';
  readonly networks?: Readonly<Record<string, string>>;
  readonly allowed?: boolean;
}

function networkOf(xml: string): NetworkDef {
  const network = parseNetwork(xml);
  if (typeof network === 'string') throw new Error(network);
  return network;
}

function plan(interfaces: string, {facts, uid = 0, type, networks = {}, allowed}: Surroundings = {}) {
  const read = readDomain(domainXml({devices: interfaces}));
  const def = assignAliases(type ? {...read, type} : read);
  const known = new Map(
    Object.entries(networks).map(([name, body]) => [name, networkOf(`<network><name>${name}</name>${body}</network>`)]),
  );
  const nics = devicesOf(def, 'interface').filter(isLinkedNic);
  return planNets({
    def,
    domain: def.name,
    nics: new Map(nics.map(nic => [nic.alias ?? '', resolveNic(nic, known, def)])),
    facts: {...FACTS, ...facts},
    names: {vnet: ['vnet4', 'vnet5'], macvtap: ['macvtap2', 'macvtap3']},
    allowedBridges: new Map([['br0', allowed]]),
    functions: new Map([['hostdev0', {parent: 'eth0', number: 3}]]),
    runDir: '/run',
    guestDir: '/run/guest',
    uid,
    gid: uid,
    isRoot: uid === 0,
    mark: 'mine',
  });
}

const MAC = "<mac address='52:54:00:00:00:01'/>";
const bridged = (more = '') => `<interface type='bridge'>${MAC}<source bridge='br0'/>${more}</interface>`;
const direct = (dev: string, mode: string, more = '') =>
  `<interface type='direct'>${MAC}<source dev='${dev}' mode='${mode}'/>${more}</interface>`;
const networked = (name: string, more = '') =>
  `<interface type='network'>${MAC}<source network='${name}'${more}/></interface>`;
const stepsOf = (...args: Parameters<typeof plan>) => plan(...args).preparation.steps.map(describeStep);

/** What the emulator is told of networks. */
function netdevs(...args: Parameters<typeof plan>): readonly string[] {
  const {def, preparation} = plan(...args);
  const paths = instancePaths({kind: 'embed', root: '/r'}, {home: '/', env: {}, resolve: path => path});
  const caps = {...X86_CAPS, devices: new Set([...X86_CAPS.devices, 'vfio-pci'])};
  const own = {
    caps,
    executable: '/q',
    paths,
    logPath: '/l',
    guest: {uid: 1, gid: 1},
    home: '/',
    nowMs: 0,
    settings: {},
  };
  return planLaunch({...own, def, preparation}).args.flatMap(arg =>
    arg.flag === '-netdev' ? (renderArg(arg)[1] ?? []) : [],
  );
}

describe('an interface on a bridge', () => {
  test('is a tap device of the emulator’s user with the size of the bridge, marked, and taken back', () => {
    const more = "<port isolated='yes'/><model type='virtio'/><driver queues='2'/>";
    expect(stepsOf(bridged(more), {uid: 0})).toEqual([
      '/sbin/ip tuntap add dev vnet4 mode tap user 0 vnet_hdr multi_queue',
      '/sbin/ip link set dev vnet4 alias mine address fe:54:00:00:00:01 mtu 9000 master br0',
      '/sbin/ip link set dev vnet4 type bridge_slave isolated on',
      '/sbin/ip link set dev vnet4 up',
    ]);
    expect(plan(bridged()).preparation.takeBacks).toEqual([{what: 'link', dev: 'vnet4', mark: 'mine', ip: '/sbin/ip'}]);
    expect(netdevs(bridged(more))).toEqual(['tap,ifname=vnet4,script=no,downscript=no,queues=2,id=hostnet0']);
  });

  test('that is of a KVM guest is the kernel’s work, where it can do it', () => {
    const virtio = "<model type='virtio'/>";
    expect(netdevs(bridged(virtio), {type: 'kvm', facts: {hasVhostNet: true}})[0]).toContain('vhost=on,vhostfd=3');
    expect(netdevs(bridged(virtio), {type: 'kvm'})[0]).not.toContain('vhost');
    expect(() => netdevs(bridged(`${virtio}<driver name='vhost'/>`), {type: 'kvm'})).toThrow('no /dev/vhost-net');
    const handed = bridged(`${virtio}<driver queues='2'/><backend vhost='/dev/mine'/>`);
    expect(netdevs(handed, {type: 'kvm'})[0]).toContain('vhost=on,vhostfds=3:4');
    expect(plan(handed, {type: 'kvm'}).preparation.handedFiles).toEqual(
      [3, 4].map(fd => ({fd, from: {path: '/dev/mine'}})),
    );
  });

  test('of a user is connected by QEMU’s helper, without what would keep that from its rights', () => {
    expect(netdevs(bridged(), {uid: 1000, allowed: true})).toEqual([
      'bridge,br=br0,helper=/qemu-bridge-helper,id=hostnet0',
    ]);
    expect(plan(bridged(), {uid: 1000}).preparation.warnings[0]).toContain('without no_new_privs');
    expect(stepsOf(bridged(), {uid: 1000})).toEqual([]);
    expect(() => plan(bridged(), {uid: 1000, allowed: false})).toThrow("does not allow users the bridge 'br0'");
    const none = {uid: 1000, facts: {programs: {}}};
    expect(() => plan(bridged(), none)).toThrow('only root connects bridges without');
  });

  test.each<[string, Surroundings, string]>([
    ["<interface type='bridge'><source bridge='br9'/></interface>", {}, "there is no bridge 'br9'"],
    ["<interface type='bridge'><source bridge='eth0'/></interface>", {}, "'eth0' is no bridge"],
    [bridged(), {facts: {programs: {}}}, "this host has no 'ip'"],
    [bridged(), {facts: {hasTun: false}}, 'there is no /dev/net/tun'],
    [bridged("<target dev='eth0'/>"), {}, "there is a network device 'eth0' already"],
    [bridged("<target dev='a/b'/>"), {}, "'a/b' is no name for a network device"],
    [bridged("<target dev='aaaaaaaaaaaaaaaa'/>"), {}, 'is no name for a network device'],
    [bridged("<vlan><tag id='42'/></vlan>"), {}, 'gives its ports no <vlan>'],
    [bridged("<virtualport type='openvswitch'/>"), {}, "<virtualport type='openvswitch'> needs a switch"],
    [bridged("<target dev='x'/>") + bridged("<target dev='x'/>"), {}, "'x' is another interface's"],
    [bridged("<backend tap='/dev/tap'/>"), {}, "'ip' and QEMU open /dev/net/tun"],
    [bridged("<script path='/s'/>"), {}, '<script> is for an interface of type ethernet'],
  ])('%s is refused: %j %s', (nic, surroundings, why) => {
    expect(() => plan(nic, surroundings)).toThrow(why);
  });
});

describe('an interface over a device of the host', () => {
  test('is a macvtap device with the address of the guest, handed over open for each queue', () => {
    const nic = direct('eth0', 'bridge', "<model type='virtio'/><driver queues='2'/><mtu size='1400'/>");
    expect(stepsOf(nic)).toEqual([
      '/sbin/ip link add link eth0 name macvtap2 address 52:54:00:00:00:01 type macvtap mode bridge',
      '/sbin/ip link set dev macvtap2 alias mine mtu 1400 up',
    ]);
    expect(plan(nic).preparation.handedFiles).toEqual([3, 4].map(fd => ({fd, from: {macvtap: 'macvtap2'}})));
    expect(netdevs(nic)).toEqual(['tap,fds=3:4,id=hostnet0']);
    expect(netdevs(direct('eth0', 'vepa'))).toEqual(['tap,fd=3,id=hostnet0']);
  });

  test('that is passed through gives it the address, and its own again', () => {
    expect(stepsOf(direct('eth0', 'passthrough'))[0]).toBe('/sbin/ip link set dev eth0 address 52:54:00:00:00:01');
    expect(plan(direct('eth0', 'passthrough')).preparation.takeBacks).toEqual([
      {what: 'link', dev: 'macvtap2', mark: 'mine', ip: '/sbin/ip'},
      {what: 'address', dev: 'eth0', address: '02:00:00:00:00:01', ip: '/sbin/ip'},
    ]);
    expect(() => plan(direct('eth1', 'passthrough'))).toThrow("'eth1': all are in use");
  });

  test('needs root and a device that is up', () => {
    expect(() => plan(direct('eth0', 'bridge'), {uid: 1000})).toThrow('only root makes macvtap devices');
    expect(() => plan(direct('down0', 'bridge'))).toThrow("'down0': not up");
    expect(() => plan(direct('eth9', 'bridge'))).toThrow("there is no network device 'eth9'");
  });
});

describe('an interface of a network', () => {
  test.each([
    ['nat', "<forward/><bridge name='br0'/><mtu size='1300'/>", 'vnet4', 'mtu 1300 master br0'],
    ['isolated', "<bridge name='br0'/><port isolated='yes'/>", 'vnet4', 'isolated on'],
    ['bridge', "<forward mode='bridge'/><bridge name='br0'/>", 'vnet4', 'master br0'],
    [
      'private',
      "<forward mode='private'><interface dev='down0'/><interface dev='eth0'/></forward>",
      'macvtap2',
      'link eth0 name',
    ],
    [
      'passthrough',
      "<forward mode='passthrough'><pf dev='eth1'/><interface dev='eth0'/></forward>",
      'macvtap2',
      'mode passthru',
    ],
  ])('%s goes where the network goes', (name, body, dev, step) => {
    const planned = plan(networked(name), {networks: {[name]: body}});
    expect(planned.preparation.steps.map(describeStep).join('\n')).toContain(step);
    expect(planned.def.devices).toMatchObject([{target: {dev}}]);
  });

  test.each([
    ["<forward mode='hostdev'><pf dev='eth0'/></forward>", '', 'hands out cards of the host'],
    ["<forward mode='bridge'/>", '', 'names neither a bridge nor a device'],
    ["<bridge name='br0'/><portgroup name='a'/>", " portgroup='b'", "has no portgroup 'b': it has 'a'"],
    ["<bridge name='br0'/><portgroup name='a' default='yes'><vlan><tag id='1'/></vlan></portgroup>", '', 'no <vlan>'],
    ["<bridge name='br0'/><virtualport type='openvswitch'/>", '', "<virtualport type='openvswitch'>"],
  ])('%s is refused: %s %s', (body, more, why) => {
    expect(() => plan(networked('n', more), {networks: {n: body}})).toThrow(why);
  });

  test('is found in the instance’s folder before libvirt’s; what is no network is told', async () => {
    await withTempRoot(async root => {
      const [ours, libvirts] = [root.join('ours'), root.join('libvirt')];
      for (const folder of [ours, libvirts]) {
        await mkdir(folder);
        await writeFile(
          `${folder}/n.xml`,
          `<network><name>n</name><bridge name='${folder === ours ? 'br0' : 'br1'}'/></network>`,
        );
      }
      await writeFile(`${libvirts}/bad.xml`, '<domain/>');
      const folders = [ours, libvirts];
      expect(await findNetwork('n', folders)).toMatchObject({bridge: 'br0', forward: 'isolated'});
      await expect(findNetwork('bad', folders)).rejects.toThrow(`${libvirts}/bad.xml: it has <domain>, not <network>`);
      await expect(findNetwork('x', folders)).rejects.toThrow(`there is no ${ours}/x.xml and no ${libvirts}/x.xml`);
      await expect(findNetwork('../n', folders)).rejects.toThrow('no file can have such a name');
    });
  });
});

describe('an interface of nobody’s network', () => {
  const ethernet = (more: string) => `<interface type='ethernet'>${MAC}${more}</interface>`;

  test('is told to scripts, and has what its source says on the host', () => {
    const source = `<source><ip address='192.0.2.1' prefix='24'/><ip address='192.0.2.5' peer='192.0.2.6' prefix='32'/>
      <route address='198.51.100.0' prefix='24' gateway='192.0.2.9' metric='3'/></source>`;
    const nic = ethernet(`${source}<script path='/up'/><downscript path='/down'/>`);
    expect(stepsOf(nic).slice(2)).toEqual([
      '/sbin/ip link set dev vnet4 up',
      '/sbin/ip address add 192.0.2.1/24 dev vnet4',
      '/sbin/ip address add 192.0.2.5 peer 192.0.2.6/32 dev vnet4',
      '/sbin/ip route add 198.51.100.0/24 via 192.0.2.9 dev vnet4 metric 3',
      '/up vnet4',
    ]);
    expect(plan(nic).preparation.takeBacks.map(({what}) => what)).toEqual(['script', 'link']);
  });

  test('that is somebody’s device is opened and left alone', () => {
    const nic = ethernet("<target dev='tap7' managed='no'/>");
    for (const uid of [0, 1000]) {
      expect(stepsOf(nic, {uid})).toEqual([]);
      expect(netdevs(nic, {uid})).toEqual(['tap,ifname=tap7,script=no,downscript=no,id=hostnet0']);
    }
    expect(netdevs(ethernet("<target dev='tap7'/>"), {uid: 1000})).toHaveLength(1);
  });

  test.each<[string, number, string]>([
    [ethernet(''), 1000, 'only root makes tap devices'],
    [ethernet("<script path='up'/>"), 0, "the script 'up' is no absolute path"],
    [ethernet("<target managed='no'/>"), 0, "<target managed='no'/> has no dev"],
    [ethernet("<target dev='tap9' managed='no'/>"), 0, "there is no network device 'tap9'"],
    [ethernet("<target dev='eth0' managed='no'/>"), 0, "'eth0' is neither a tap nor a macvtap device"],
  ])('%s is refused for user %d: %s', (nic, uid, why) => {
    expect(() => plan(nic, {uid})).toThrow(why);
  });
});

describe('a card of the host', () => {
  const card = (more = '', bus = '3') =>
    `<interface type='hostdev'>${MAC}<source><address type='pci' bus='${bus}' slot='7'/></source>${more}</interface>`;

  test('that is a part of another gets the address and the VLAN of the guest, and is anybody’s again', () => {
    expect(stepsOf(card("<vlan><tag id='42'/></vlan>"))).toEqual([
      '/sbin/ip link set dev eth0 vf 3 mac 52:54:00:00:00:01 vlan 42',
    ]);
    const {takeBacks} = plan(card()).preparation;
    expect(describeStep({do: 'write-take-backs', runDir: '/', takeBacks})).toBe(
      '# at the end: /sbin/ip link set dev eth0 vf 3 mac 00:00:00:00:00:00 vlan 0',
    );
  });

  test.each([
    [card() + card('', '4'), 'only a virtual function of an SR-IOV card'],
    [card("<vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan>"), 'one VLAN, not a trunk'],
    [card("<virtualport type='802.1Qbh'/>"), '<virtualport> needs a program'],
  ])('%s is refused: %s', (nic, why) => {
    expect(() => plan(nic)).toThrow(why);
  });

  test('is known as a part by what its own card says of it', () => {
    const folder = '/sys/bus/pci/devices/0000:03:07.0/physfn';
    const tree = fakeTree({
      [`${folder}/net/eth9/mtu`]: '',
      [`${folder}/virtfn0/uevent`]: 'DRIVER=x\nPCI_SLOT_NAME=0000:03:06.0\n',
      [`${folder}/virtfn1/uevent`]: 'PCI_SLOT_NAME=0000:03:07.0\n',
    });
    const address = {domain: 0, bus: 3, slot: 7, function: 0};
    expect(readVirtualFunction(address, tree)).toEqual({parent: 'eth9', number: 1});
    expect(readVirtualFunction({...address, bus: 4}, tree)).toBeUndefined();
  });
});

describe('a user’s own network', () => {
  const passt = `<interface type='user'>${MAC}<source dev='eth0'/><backend type='passt' logFile='/l'/><mtu size='1400'/>
    <ip address='192.0.2.1' family='ipv4' prefix='24'/><ip address='2001:db8::1' family='ipv6'/>
    <portForward proto='tcp' address='192.0.2.9' dev='e'><range start='22' end='23' to='2222'/><range start='30' exclude='yes'/></portForward>
    <portForward proto='udp'/></interface>`;

  test('is a program of its own where that is wished', () => {
    const [step] = stepsOf(passt);
    expect(step).toBe(
      '/bin/passt --foreground --one-off --socket /run/guest/net0-passt.sock --runas 0:0 --mac-addr 52:54:00:00:00:01 --mtu 1400 ' +
        '--interface eth0 --log-file /l --address 192.0.2.1 --netmask 24 --address 2001:db8::1 ' +
        "'--tcp-ports=192.0.2.9%e/22-23:2222-2223,~30' --udp-ports=all &",
    );
    expect(netdevs(passt)).toEqual([
      'stream,addr.type=unix,addr.path=/run/guest/net0-passt.sock,server=off,id=hostnet0',
    ]);
    expect(() => plan(passt, {facts: {programs: {}}})).toThrow("this host has no 'passt'");
  });
});

test('an interface that is down is cut off before the guest runs', () => {
  const nics =
    "<interface type='user'><link state='down'/></interface><interface type='user'><link state='up'/></interface>";
  expect(plan(nics).preparation.monitorCommands).toEqual([{execute: 'set_link', arguments: {name: 'net0', up: false}}]);
});

test('names are given once, in order, also to starts at the same time', async () => {
  await withTempRoot(async root => {
    const names = new NetNames(root.path);
    const looked = await names.look('vnet', 2);
    const taken = await Promise.all([names.take('vnet', 1), names.take('vnet', 2), names.take('macvtap', 0)]);
    expect(taken.flat().slice(0, 2)).toEqual(looked);
    expect(new Set(taken.flat()).size).toBe(3);
    expect(await new NetNames(root.path).look('vnet', 1)).not.toContain(taken.flat()[2]);
  });
});

test('the helper’s file allows bridges, and denies more', async () => {
  await withTempRoot(async root => {
    const [main, more] = [root.join('bridge.conf'), root.join('more.conf')];
    await writeFile(main, `# comment\nallow br0\nallow br1\ninclude ${more}\n`);
    await writeFile(more, `deny br1\ninclude ${main}\n`);
    expect(await isBridgeAllowed('br0', main)).toBe(true);
    expect(await isBridgeAllowed('br1', main)).toBe(false);
    expect(await isBridgeAllowed('br2', main)).toBe(false);
    expect(await isBridgeAllowed('br0', root.join('none'))).toBe(false);
  });
});
