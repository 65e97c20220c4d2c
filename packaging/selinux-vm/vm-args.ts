import path from 'node:path';

/** How systemd in the VM arranges control groups: the one tree, or a tree for each controller. */
export type CgroupVersion = 'v2' | 'v1';

/** What the folder of the VM holds. */
export interface VmFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly image: string;
  /** What the image was made of. */
  readonly imageKey: string;
  readonly frozenDisk: string;
  readonly frozenState: string;
  readonly frozenKey: string;
}

export function vmFiles(folder: string, cgroup: CgroupVersion): VmFiles {
  const file = (name: string) => path.join(folder, name);
  return {
    kernel: file('vmlinuz'),
    initrd: file('initrd.gz'),
    image: file('root.img'),
    imageKey: file('stages/image of the SELinux VM'),
    frozenDisk: file(`frozen-${cgroup}.qcow2`),
    frozenState: file(`frozen-${cgroup}.state`),
    frozenKey: file(`frozen-${cgroup}.key`),
  };
}

export interface VmMachine {
  readonly files: VmFiles;
  /** A folder for this run's sockets and logs. */
  readonly run: string;
  readonly checkout: string;
  readonly cgroup: CgroupVersion;
  /** `freeze` keeps what is written to the disk; `resume` goes on from a frozen machine and keeps nothing. */
  readonly origin: {readonly is: 'freeze'} | {readonly is: 'resume'};
}

const MEMORY_MIB = 1536;
const PROCESSORS = 2;

const CGROUP_WORDS: Readonly<Record<CgroupVersion, string>> = {
  v2: '',
  v1: ' systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1',
};

/**
 * The VM's command line. Software emulation throughout: page table isolation and its like, which cost much in it, are off;
 * no denial is left out of the kernel's log.
 */
export function vmArgs(machine: VmMachine): readonly string[] {
  const {files, run, origin} = machine;
  const kernelWords =
    'root=/dev/vda console=ttyS0 quiet security=selinux selinux=1 enforcing=1 audit=1 audit_backlog_limit=8192 ' +
    `sysctl.kernel.printk_ratelimit=0 mitigations=off tsc=reliable init_on_alloc=0 panic=-1${CGROUP_WORDS[machine.cgroup]}`;
  const snapshot = origin.is === 'resume' ? ',snapshot=on' : '';
  return [
    ...['-accel', 'tcg,thread=multi,tb-size=256', '-machine', 'pc', '-cpu', 'max,la57=off'],
    ...[
      '-smp',
      String(PROCESSORS),
      '-m',
      String(MEMORY_MIB),
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-no-reboot',
    ],
    ...['-kernel', files.kernel, '-initrd', files.initrd, '-append', kernelWords],
    ...['-drive', `file=${comma(files.frozenDisk)},format=qcow2,if=virtio,cache=unsafe${snapshot}`],
    ...['-chardev', `file,id=console,path=${comma(path.join(run, 'console.log'))}`, '-serial', 'chardev:console'],
    ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=agent,name=vm-agent'],
    ...['-chardev', `socket,id=agent,path=${comma(path.join(run, 'agent.sock'))},server=on,wait=off`],
    ...['-virtfs', `local,path=${comma(machine.checkout)},mount_tag=checkout,security_model=none,readonly=on`],
    ...['-qmp', `unix:${comma(path.join(run, 'qmp.sock'))},server=on,wait=off`],
    ...(origin.is === 'resume' ? ['-incoming', `exec:cat '${files.frozenState}'`] : []),
  ];
}

/** A value of an option as QEMU reads it. */
function comma(value: string): string {
  return value.replaceAll(',', ',,');
}
