import {type ConfKind, confNumber, confSwitch, confText, confTexts} from './conf-kinds.ts';

const count = confNumber(0, 4_294_967_295);

/** A size in bytes, or the word for no limit. */
const sizeOrUnlimited: ConfKind<string> = value => {
  if (value.is === 'number' && value.number >= 0n) return {read: String(value.number)};
  return value.is === 'text' && value.text === 'unlimited' ? {read: value.text} : "a number of bytes or 'unlimited'";
};

/**
 * The settings of libvirt's qemu.conf that this driver does not act on: named in a warning, and of the right kind all
 * the same, so that a file which libvirt refuses is refused here, too.
 *
 * Source: libvirt 9.0.0, src/qemu/qemu.conf.in and libvirtd_qemu.aug.
 */
export const LIBVIRT_KEYS: Readonly<Record<string, ConfKind<unknown>>> = {
  default_tls_x509_secret_uuid: confText,
  vnc_tls_x509_secret_uuid: confText,
  vnc_allow_host_audio: confSwitch,
  nographics_allow_host_audio: confSwitch,
  chardev_tls_x509_secret_uuid: confText,
  migrate_tls_x509_cert_dir: confText,
  migrate_tls_x509_verify: confSwitch,
  migrate_tls_x509_secret_uuid: confText,
  migrate_tls_force: confSwitch,
  backup_tls_x509_cert_dir: confText,
  backup_tls_x509_verify: confSwitch,
  backup_tls_x509_secret_uuid: confText,
  vxhs_tls: confSwitch,
  vxhs_tls_x509_cert_dir: confText,
  vxhs_tls_x509_secret_uuid: confText,
  nbd_tls: confSwitch,
  namespaces: confTexts,
  capability_filters: confTexts,
  save_image_format: confText,
  dump_image_format: confText,
  snapshot_image_format: confText,
  auto_dump_path: confText,
  auto_dump_bypass_cache: confSwitch,
  auto_start_bypass_cache: confSwitch,
  allow_disk_format_probing: confSwitch,
  set_process_name: confSwitch,
  max_processes: count,
  max_files: count,
  max_threads_per_process: count,
  max_core: sizeOrUnlimited,
  dump_guest_core: confSwitch,
  mac_filter: confSwitch,
  relaxed_acs_check: confSwitch,
  lock_manager: confText,
  keepalive_interval: confNumber(-1, 2_147_483_647),
  keepalive_count: count,
  nvram: confTexts,
  migration_address: confText,
  migration_host: confText,
  migration_port_min: confNumber(1, 65_535),
  migration_port_max: confNumber(1, 65_535),
  log_timestamp: confSwitch,
  stdio_handler: confText,
  gluster_debug_level: confNumber(0, 9),
  virtiofsd_debug: confSwitch,
  pr_helper: confText,
  slirp_helper: confText,
  dbus_daemon: confText,
  swtpm_user: confText,
  swtpm_group: confText,
  deprecation_behavior: confText,
  sched_core: confText,
};
