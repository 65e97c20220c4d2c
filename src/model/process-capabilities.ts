/** The names of the Linux capabilities by bit, without CAP_. Source: Linux 6.1, include/uapi/linux/capability.h. */
const CAPABILITY_NAMES =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service ' +
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin ' +
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override ' +
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore';

/** A set of capabilities in words: `none`, `all 41`, or the names; a long list is shortened to what is missing. */
export function capabilityWords(mask: bigint): string {
  const names = CAPABILITY_NAMES.split(' ');
  const all = (1n << BigInt(names.length)) - 1n;
  if (mask === 0n) return 'none';
  if ((mask & all) === all) return `all ${names.length}`;
  const held = names.filter((_, bit) => (mask >> BigInt(bit)) & 1n);
  const unknown = mask >> BigInt(names.length);
  const missing = names.filter((_, bit) => !((mask >> BigInt(bit)) & 1n));
  const words = missing.length <= 5 ? `all but ${missing.join(', ')}` : held.join(', ');
  if (unknown === 0n) return words;
  return [...(held.length === 0 ? [] : [words]), `unknown 0x${unknown.toString(16)}`].join(' and ');
}

/** Whether a set has a capability. */
export function hasCapability(mask: bigint, name: 'setgid' | 'setuid' | 'setpcap'): boolean {
  return ((mask >> BigInt(CAPABILITY_NAMES.split(' ').indexOf(name))) & 1n) === 1n;
}
