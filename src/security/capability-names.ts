/** The names of the Linux capabilities by number. Source: Linux 6.1, include/uapi/linux/capability.h. */
export const CAPABILITY_NAMES = [
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'linux_immutable',
  'net_bind_service',
  'net_broadcast',
  'net_admin',
  'net_raw',
  'ipc_lock',
  'ipc_owner',
  'sys_module',
  'sys_rawio',
  'sys_chroot',
  'sys_ptrace',
  'sys_pacct',
  'sys_admin',
  'sys_boot',
  'sys_nice',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'mknod',
  'lease',
  'audit_write',
  'audit_control',
  'setfcap',
  'mac_override',
  'mac_admin',
  'syslog',
  'wake_alarm',
  'block_suspend',
  'audit_read',
  'perfmon',
  'bpf',
  'checkpoint_restore',
] as const;

/** A capability set in words: `none`, `all 41`, or the names of the few, or how many they are. */
export function describeCapabilities(mask: bigint): string {
  if (mask === 0n) return 'none';
  const names: string[] = [];
  for (let bit = 0; mask >> BigInt(bit) > 0n; bit++) {
    if ((mask >> BigInt(bit)) & 1n) names.push(CAPABILITY_NAMES[bit] ?? `capability ${bit}`);
  }
  if (names.length >= CAPABILITY_NAMES.length) return `all ${names.length}`;
  return names.length > 4 ? `${names.length}: ${names.slice(0, 3).join(', ')}, ...` : names.join(', ');
}
