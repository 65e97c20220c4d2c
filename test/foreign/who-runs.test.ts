import {describe, expect, test} from 'vitest';
import {type RunnerFacts, whoRuns} from '../../src/driver/foreign/who-runs.ts';
import type {GuestRunner} from '../../src/model/foreign-guest.ts';

const SHELL = '0::/user.slice/user-1000.slice/session-3.scope\n';

/** Command lines shortened to what they are told by, and a little of what stands around it. */
const CASES: readonly (readonly [title: string, line: string, around: Partial<RunnerFacts>, GuestRunner])[] = [
  [
    'libvirt of the system',
    'qemu-system-x86_64 -name guest=web,debug-threads=on -S -chardev socket,id=charmonitor,path=/var/lib/libvirt/qemu/domain-1-web/monitor.sock,server=on,wait=off -mon chardev=charmonitor,id=monitor,mode=control',
    {cgroup: '0::/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator\n'},
    {is: 'libvirt', instance: 'system'},
  ],
  [
    'libvirt of the system whose cgroup cannot be read',
    'qemu-kvm -name guest=web -chardev socket,id=charmonitor,fd=24,server=on,path=/run/libvirt/qemu/1-web/monitor.sock',
    {},
    {is: 'libvirt', instance: 'unknown'},
  ],
  [
    'libvirt of a session, as GNOME Boxes and virt-manager use it',
    'qemu-system-x86_64 -name guest=f40 -chardev socket,id=charmonitor,path=/home/ann/.config/libvirt/qemu/lib/domain-2-f40/monitor.sock,server=on',
    {cgroup: SHELL},
    {is: 'libvirt', instance: 'session'},
  ],
  [
    'libvirt of 2010',
    'kvm -S -M pc-0.12 -name old -chardev socket,id=monitor,path=/var/lib/libvirt/qemu/old.monitor,server,nowait',
    {},
    {is: 'libvirt', instance: 'system'},
  ],
  [
    "an image in libvirt's folder makes no guest of libvirt's",
    'qemu-system-x86_64 -m 512 -drive file=/var/lib/libvirt/images/a.qcow2 -monitor stdio',
    {cgroup: SHELL, parent: 'bash'},
    {is: 'by hand', parent: 'bash'},
  ],
  [
    'Proxmox',
    '/usr/bin/kvm -id 100 -name vm1,debug-threads=on -no-shutdown -chardev socket,id=qmp,path=/var/run/qemu-server/100.qmp,server=on,wait=off -mon chardev=qmp,mode=control',
    {cgroup: '0::/qemu.slice/100.scope\n'},
    {is: 'proxmox', vmid: '100'},
  ],
  [
    'quickemu',
    '/usr/bin/qemu-system-x86_64 -name debian-12,process=debian-12 -pidfile debian-12/debian-12.pid -monitor unix:debian-12/debian-12-monitor.socket,server,nowait -serial unix:debian-12/debian-12-serial.socket,server,nowait',
    {cgroup: SHELL, parent: 'bash'},
    {is: 'quickemu'},
  ],
  [
    'another instance of virtty',
    'qemu-system-x86_64 -name guest=demo -chardev socket,id=charmonitor,path=/run/user/1000/virtty/qemu/6695eb01-f6a4-8304-79aa-97f2502e1932/monitor.sock,server=on',
    {cgroup: SHELL},
    {is: 'virtty', directory: '/run/user/1000/virtty/qemu'},
  ],
  [
    'Incus',
    'qemu-system-x86_64 -S -name v1 -readconfig /run/incus/v1/qemu.conf -daemonize',
    {cgroup: '0::/system.slice/incus.service\n', parent: 'incusd'},
    {is: 'incus'},
  ],
  ['LXD', 'qemu-system-x86_64 -name v1 -readconfig /var/snap/lxd/common/lxd/logs/v1/qemu.conf', {}, {is: 'lxd'}],
  [
    'Lima',
    'qemu-system-aarch64 -m 4096 -chardev socket,id=char-qmp,path=/Users/ann/.lima/default/qmp.sock,server=on,wait=off',
    {},
    {is: 'lima'},
  ],
  ['Multipass by its parent', 'qemu-system-x86_64 -m 1024M -nographic', {parent: 'multipassd'}, {is: 'multipass'}],
  [
    'a container of Docker',
    'qemu-system-x86_64 -nodefaults -name windows,process=windows',
    {cgroup: `0::/system.slice/docker-${'ab12'.repeat(16)}.scope\n`, parent: 'bash'},
    {is: 'container', engine: 'Docker', name: 'ab12ab12ab12'},
  ],
  [
    'a container of Docker on cgroup v1',
    'qemu-system-x86_64 -m 1G',
    {cgroup: `9:name=systemd:/docker/${'0c'.repeat(32)}\n5:devices:/docker/${'0c'.repeat(32)}\n`},
    {is: 'container', engine: 'Docker', name: '0c0c0c0c0c0c'},
  ],
  [
    'a container of Podman in a session',
    'qemu-system-x86_64 -m 1G',
    {
      cgroup: `0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${'9f'.repeat(32)}.scope/container\n`,
    },
    {is: 'container', engine: 'Podman', name: '9f9f9f9f9f9f'},
  ],
  [
    'a pod',
    'qemu-system-x86_64 -m 1G',
    {
      cgroup: `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-${'5e'.repeat(32)}.scope\n`,
    },
    {is: 'container', engine: 'Kubernetes', name: '5e5e5e5e5e5e'},
  ],
  [
    'a container of LXC',
    'qemu -m 1G',
    {cgroup: '0::/lxc.payload.build1/init.scope\n'},
    {is: 'container', engine: 'LXC', name: 'build1'},
  ],
  [
    'a unit of the system',
    'qemu-system-x86_64 -m 1G',
    {cgroup: '0::/system.slice/backup\\x2dvm.service\n'},
    {is: 'systemd', unit: 'backup-vm.service'},
  ],
  [
    'a unit of a user',
    'qemu-system-x86_64 -m 1G',
    {cgroup: '0::/user.slice/user-1000.slice/user@1000.service/app.slice/vm.service\n'},
    {is: 'systemd', unit: 'vm.service'},
  ],
  [
    'a transient scope',
    'qemu-system-x86_64 -m 1G',
    {cgroup: '1:name=systemd:/system.slice/run-r12.scope\n'},
    {is: 'systemd', unit: 'run-r12.scope'},
  ],
  [
    'a login over SSH',
    'qemu-system-x86_64 -m 1G',
    {cgroup: '0::/system.slice/ssh.service\n', parent: 'zsh'},
    {is: 'by hand', parent: 'zsh'},
  ],
  [
    "a terminal of a desktop's",
    'qemu-system-x86_64 -m 1G',
    {
      cgroup: '0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-org.gnome.Terminal-42.scope\n',
      parent: 'fish',
    },
    {is: 'by hand', parent: 'fish'},
  ],
  ['a host without cgroups, its parent gone', 'qemu -hda a.img', {}, {is: 'by hand'}],
];

test.each(CASES)('%s', (_title, line, around, runner) => {
  expect(whoRuns({words: line.split(' '), cgroup: '', ...around})).toEqual(runner);
});

describe('inside of a container', () => {
  const own = `0::/docker/${'0c'.repeat(32)}\n`;

  test('a guest beside this program is not said to be in a container', () => {
    const facts = {words: ['qemu', '-m', '1G'], cgroup: own, parent: 'sh'};
    expect(whoRuns(facts, own)).toEqual({is: 'by hand', parent: 'sh'});
    expect(whoRuns(facts, '0::/\n').is).toBe('container');
  });
});
