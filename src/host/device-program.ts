import {endianness} from 'node:os';
import {VirtError} from '../base/virt-error.ts';
import {findProgram} from './find-program.ts';
import {runProgram} from './run-program.ts';

/** The number of bpf(2). Source: Linux, the syscall tables of these architectures. */
const BPF_CALLS: Readonly<Record<string, number>> = {
  x64: 321,
  arm64: 280,
  riscv64: 280,
  loong64: 280,
  s390x: 351,
  ppc64: 361,
};

const TIMEOUT_MS = 10_000;

/** Whether programs for this machine are written with the lowest byte first. */
export const isLittleEndian = endianness() === 'LE';

/**
 * Node cannot call bpf(2), and Perl, which every Debian has, can: `syscall` with packed structures. Arguments: what to do, the
 * number of the call, the directory of a group, a program in hexadecimal.
 *
 * @see Linux, include/uapi/linux/bpf.h, union bpf_attr and struct bpf_prog_info
 */
const SCRIPT = String.raw`
use strict; use warnings; use Fcntl;
my ($do, $call, $directory, $program) = @ARGV;
sub bpf {
  my ($what, $command, $attributes) = @_;
  my $result = syscall(0 + $call, $command, $attributes, length $attributes);
  die "$what: $!\n" if $result < 0;
  $_[2] = $attributes;
  return $result;
}
sub address { return unpack 'J', pack 'P', $_[0] }
sysopen(my $group, $directory, O_RDONLY | O_DIRECTORY) or die "open: $!\n";
if ($do eq 'attach') {
  my $code = pack 'H*', $program; my $license = "GPL\0"; my $log = "\0" x 65536;
  my $load = pack 'L2 Q2 L2 Q L2 a16', 15, length($code) / 8, address($code), address($license), 1, length $log, address($log), 0, 0, 'virtty_devices';
  my $fd = bpf('load', 5, $load);
  bpf('attach', 8, pack 'L5', fileno($group), $fd, 6, 0, 0);
} else {
  my $ids = "\0" x 256;
  my $query = pack 'L4 Q L4', fileno($group), 6, 0, 0, address($ids), 64, 0, 0, 0;
  bpf('query', 16, $query);
  for my $id (unpack 'L*', substr $ids, 0, 4 * unpack 'x24 L', $query) {
    my $fd = bpf('find', 13, pack 'L3', $id, 0, 0);
    my $size = unpack 'x20 L', info($fd, 0, 0);
    my $code = "\0" x $size;
    info($fd, $size, address($code));
    print "$id ", unpack('H*', $code), "\n";
  }
}
sub info {
  my ($fd, $size, $where) = @_;
  my $info = pack 'x20 L x8 Q x40', $size, $where;
  bpf('look at', 15, pack 'L2 Q', $fd, length $info, address($info));
  return $info;
}
`;

/** A program that decides which devices a group opens. */
export interface AttachedProgram {
  /** The kernel's number. */
  readonly id: number;
  /** Its instructions; empty where the kernel does not show them. */
  readonly bytes: Uint8Array;
}

/** What is missing here to call bpf(2), as a sentence's end; undefined when nothing is. */
export async function whyNoPrograms(): Promise<string | undefined> {
  if (BPF_CALLS[process.arch] === undefined) return `it runs on ${process.arch}, where this is not known to work`;
  if ((await findProgram('perl')) === undefined) return 'it has no perl, by which the kernel is told';
  return undefined;
}

/**
 * Gives a group of version 2 a program in the place of the one that it has; it stays when this process ends.
 *
 * @throws {VirtError} SYSTEM_ERROR with the kernel's word
 */
export async function attachDeviceProgram(directory: string, bytes: Uint8Array): Promise<void> {
  await runScript(`give the control group '${directory}' its device list`, [
    'attach',
    directory,
    Buffer.from(bytes).toString('hex'),
  ]);
}

/**
 * The programs that a group of version 2 has of its own, not those of the groups above it.
 *
 * @throws {VirtError} SYSTEM_ERROR with the kernel's word
 */
export async function readDevicePrograms(directory: string): Promise<readonly AttachedProgram[]> {
  const output = await runScript(`read the device list of the control group '${directory}'`, ['query', directory]);
  return output.split('\n').flatMap(line => {
    const [id, hex] = line.split(' ');
    return id && hex !== undefined ? [{id: Number(id), bytes: Buffer.from(hex, 'hex')}] : [];
  });
}

async function runScript(what: string, [action = '', ...rest]: readonly string[]): Promise<string> {
  const perl = await findProgram('perl');
  const call = BPF_CALLS[process.arch];
  if (perl === undefined || call === undefined)
    throw new VirtError('SYSTEM_ERROR', 'CGROUP', `cannot ${what}: ${(await whyNoPrograms()) ?? 'perl is gone'}`);
  const args = ['-e', SCRIPT, '--', action, String(call), ...rest];
  const {failure, output} = await runProgram(perl, args, {timeoutMs: TIMEOUT_MS});
  if (failure === undefined) return output;
  throw new VirtError('SYSTEM_ERROR', 'CGROUP', `cannot ${what}: ${output.trim() || failure}`);
}
