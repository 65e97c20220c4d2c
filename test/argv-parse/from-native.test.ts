import {expect, test} from 'vitest';
import {formatProblem} from '../../src/base/problem.ts';
import {domainFromNative, domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {type DomainDef, devicesOf} from '../../src/model/domain-def.ts';

const QEMU = '/usr/bin/qemu-system-x86_64 -nographic';

function defOf(options: string): DomainDef {
  const {def, problems} = domainFromNative(`${QEMU} ${options}`);
  if (!def) throw new Error(problems.map(formatProblem).join('\n'));
  return def;
}

function problemsOf(options: string): readonly string[] {
  return domainFromNative(`${QEMU} ${options}`).problems.map(
    problem => `${problem.severity} ${formatProblem(problem)}`,
  );
}

test("the document's example", () => {
  const text = `LC_ALL=C PATH=/bin HOME=/home/test USER=test \\
LOGNAME=test /usr/bin/qemu -S -M pc -m 214 -smp 1 \\
-nographic -monitor pty -no-acpi -boot c -hda \\
/dev/HostVG/QEMUGuest1 -net none -serial none \\
-parallel none -usb
`;
  const {def, problems, notes} = domainFromNative(text);
  expect([problems, notes]).toEqual([[], []]);
  expect(def).toMatchObject({
    type: 'qemu',
    uuid: '00000000-0000-0000-0000-000000000000',
    memoryKiB: 219136n,
    currentMemoryKiB: 219136n,
    vcpus: 1,
    os: {type: 'hvm', arch: 'i686', machine: 'pc', boot: ['hd']},
    features: {acpi: false},
    clock: {offset: 'utc'},
    emulator: '/usr/bin/qemu',
  });
  expect(def?.devices).toEqual([
    {
      kind: 'disk',
      device: 'disk',
      driver: {format: 'raw'},
      source: {type: 'block', path: '/dev/HostVG/QEMUGuest1'},
      target: {dev: 'hda', bus: 'ide'},
      readonly: false,
      shareable: false,
    },
  ]);
});

test('-device takes the image of a -drive or a -blockdev that comes later', () => {
  const def = defOf(
    `-device virtio-blk-pci,drive=a -drive if=none,id=a,file=/a,,b.img,format=raw -device ide-hd,drive=f,bus=ide.1,unit=1 ` +
      `-blockdev driver=qcow2,node-name=f,file=s -blockdev '{"driver":"file","filename":"/c,d","node-name":"s"}'`,
  );
  expect(devicesOf(def, 'disk').map(({source, target, driver}) => ({source, target, driver}))).toEqual([
    {source: {type: 'file', path: '/a,b.img'}, target: {bus: 'virtio', dev: 'vda'}, driver: {format: 'raw'}},
    {source: {type: 'file', path: '/c,d'}, target: {bus: 'ide', dev: 'hdd'}, driver: {format: 'qcow2'}},
  ]);
  expect(def.qemu).toBeUndefined();
});

test('the board decides the bus of a disk that is named before it', () => {
  expect(devicesOf(defOf('-hda /a -machine q35'), 'disk')[0]?.target).toEqual({bus: 'sata', dev: 'sda'});
});

test('what is not understood is kept in its order, with what it names, and said', () => {
  const options = '-object x-thing,id=o -device x-card,obj=o -prom-env a=b -x-new value -icount 3';
  expect(defOf(options).qemu?.commandline?.args).toEqual(options.split(' '));
  expect(problemsOf(options)).toHaveLength(5);
  expect(problemsOf('-x-new value')).toEqual([
    "warning line 1, column 40: '-x-new value' is kept as <qemu:arg>: the option is not known",
  ]);
});

test('a name never becomes an option, and an option never takes the value of another', () => {
  expect(defOf('-name -S').name).toBe('-S');
  expect(defOf('-name guest=a=b,,c,debug-threads=on').name).toBe('a=b,c');
});

test('an unknown variable is kept, the usual ones are not', () => {
  const {def, problems} = domainFromNative('HOME=/root TMPDIR=/x /usr/bin/qemu');
  expect(def?.qemu?.commandline?.env).toEqual([{name: 'TMPDIR', value: '/x'}]);
  expect(problems).toHaveLength(1);
});

test.each([
  ['-m', "error line 1, column 40: the option '-m' has no value"],
  ['-m lots', "error line 1, column 40: 'lots' of -m is no amount of memory: write MiB, or a number with K, M, G or T"],
  ['-uuid x', "error line 1, column 40: 'x' of -uuid is not a UUID: it must have 32 hexadecimal digits"],
  ['-hda /a -drive file=/b,index=0', "error line 1, column 48: two disks are 'hda': give -drive another index or unit"],
  ['-vnc x', "error line 1, column 40: 'x' of -vnc is no display: write HOST:NUMBER, unix:PATH or none"],
  ['-smp 0', "error line 1, column 40: '0' of -smp is no number of processors"],
])('%s is an error', (options, problem) => expect(problemsOf(options)).toContain(problem));

test('JSON that is none is an error at its option', () => {
  expect(problemsOf('-device {"driver":')[0]).toMatch(
    /^error line 1, column 40: '\{"driver":' of -device: this is no JSON/,
  );
  expect(problemsOf(`-device ${'{"a":'.repeat(50)}1${'}'.repeat(50)}`)[0]).toContain('nested deeper than 32');
});

test('relative paths are those of the directory, and said where there is none', () => {
  const words = ['/usr/bin/qemu-system-x86_64', '-nographic', '-hda', 'disk.img'];
  const {def} = domainFromWords(words, {directory: '/srv/vm'});
  expect(def && devicesOf(def, 'disk')[0]?.source).toEqual({type: 'file', path: '/srv/vm/disk.img'});
  expect(domainFromWords(words).problems).toHaveLength(1);
});

test('a card that is a device keeps its place in the boot order and the alias of its user', () => {
  const def = defOf('-nodefaults -netdev user,id=n -device e1000,netdev=n,id=ua-nic,bootindex=2');
  expect(devicesOf(def, 'interface')[0]).toMatchObject({boot: {order: 2}, alias: 'ua-nic'});
  expect(def.os.boot).toEqual([]);
});

test('controllers, memory and sound of a command line of libvirt 9', () => {
  const def = defOf(
    `-machine q35,memory-backend=pc.ram -object '{"qom-type":"memory-backend-memfd","id":"pc.ram","share":true,"size":134217728}' ` +
      '-cpu host,migratable=on -global kvm-pit.lost_tick_policy=delay -audiodev driver=spice,id=audio1 ' +
      '-device pcie-root-port,port=8,chassis=1,id=pci.1,bus=pcie.0,multifunction=on,addr=0x1 ' +
      '-device qemu-xhci,p2=15,p3=15,id=usb,bus=pci.1,addr=0x0 -device usb-tablet,id=input0,bus=usb.0,port=1',
  );
  expect(def.qemu).toBeUndefined();
  expect(def.memoryBacking).toMatchObject({sourceType: 'memfd', accessMode: 'shared'});
  expect(def.cpu).toEqual({mode: 'host-passthrough', migratable: 'on'});
  expect(def.clock.timers).toEqual([{name: 'pit', tickpolicy: 'delay'}]);
  expect(devicesOf(def, 'audio')).toEqual([{kind: 'audio', id: 1, type: 'spice'}]);
  expect(devicesOf(def, 'controller')).toEqual([
    {
      kind: 'controller',
      type: 'pci',
      model: 'pcie-root-port',
      index: 1,
      target: {chassis: 1, port: 8},
      address: {type: 'pci', domain: 0, bus: 0, slot: 1, function: 0, multifunction: true},
    },
    {
      kind: 'controller',
      type: 'usb',
      model: 'qemu-xhci',
      index: 0,
      ports: 15,
      address: {type: 'pci', domain: 0, bus: 1, slot: 0, function: 0},
    },
  ]);
});
