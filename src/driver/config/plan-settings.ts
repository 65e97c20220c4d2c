import type {QemuConf} from '../../model/config/qemu-conf.ts';
import type {ScreenSettings, TlsSettings} from '../argv/argv-input.ts';
import type {HostSettings} from '../host-settings.ts';

/** Where libvirt looks for certificates of no service in particular. Source: libvirt 9.0.0, src/qemu/qemu.conf.in, default_tls_x509_cert_dir. */
const USUAL_CERTIFICATES = '/etc/pki/qemu';

/**
 * What the driver makes of a qemu.conf.
 *
 * @param isDirectory  asked for the directories of certificates that are taken when none is named
 * @see libvirt 9.0.0, src/qemu/qemu_conf.c, virQEMUDriverConfigSetDefaults: a service without a directory of its own has
 *   /etc/pki/libvirt-SERVICE, or, where that is not there, the one for all
 */
export function planSettings(conf: QemuConf, isDirectory: (path: string) => boolean): HostSettings {
  const certificates = (service: string, own: string | undefined) => {
    const usual = `/etc/pki/libvirt-${service}`;
    return own ?? (isDirectory(usual) ? usual : (conf.default_tls_x509_cert_dir ?? USUAL_CERTIFICATES));
  };
  const verify = (own: boolean | undefined) => own ?? conf.default_tls_x509_verify ?? true;
  const vncTls = {x509Dir: certificates('vnc', conf.vnc_tls_x509_cert_dir), verify: verify(conf.vnc_tls_x509_verify)};
  const keySecretUuid = conf.nbd_tls_x509_secret_uuid;
  return {
    vnc: screenSettings(conf, 'vnc', conf.vnc_tls ? vncTls : undefined),
    spice: screenSettings(
      conf,
      'spice',
      conf.spice_tls ? {x509Dir: certificates('spice', conf.spice_tls_x509_cert_dir)} : undefined,
    ),
    displayPorts: {first: conf.remote_display_port_min ?? 5900, last: conf.remote_display_port_max ?? 65_535},
    websocketPorts: {first: conf.remote_websocket_port_min ?? 5700, last: conf.remote_websocket_port_max ?? 65_535},
    chardevTls: {
      x509Dir: certificates('chardev', conf.chardev_tls_x509_cert_dir),
      verify: verify(conf.chardev_tls_x509_verify),
      always: conf.chardev_tls ?? false,
    },
    diskTls: {
      x509Dir: certificates('nbd', conf.nbd_tls_x509_cert_dir),
      ...(keySecretUuid === undefined ? {} : {keySecretUuid}),
    },
    ...ownSettings(conf),
  };
}

function screenSettings(conf: QemuConf, kind: 'vnc' | 'spice', tls: TlsSettings | undefined): ScreenSettings {
  const [listen, password, saslDir] = [conf[`${kind}_listen`], conf[`${kind}_password`], conf[`${kind}_sasl_dir`]];
  return {
    ...(listen === undefined ? {} : {listen}),
    ...(password === undefined ? {} : {password}),
    ...(saslDir === undefined ? {} : {saslDir}),
    ...(tls === undefined ? {} : {tls}),
    autoUnixSocket: conf[`${kind}_auto_unix_socket`] ?? false,
    sasl: conf[`${kind}_sasl`] ?? false,
  };
}

const SANDBOX = {'0': 'off', '1': 'required'} as const;

function ownSettings(conf: QemuConf): HostSettings {
  const {
    seccomp_sandbox: sandbox,
    bridge_helper: helper,
    hugetlbfs_mount: mounts,
    memory_backing_dir: memoryDir,
    user,
    group,
    cgroup_controllers: controllers,
    cgroup_device_acl: nodes,
    security_driver: drivers,
    security_default_confined: defaultConfined,
    security_require_confined: requireConfined,
  } = conf;
  return {
    ...(sandbox === 0 || sandbox === 1 ? {sandbox: SANDBOX[sandbox]} : {}),
    ...(conf.dynamic_ownership === false ? {dynamicOwnership: false} : {}),
    ...(conf.remember_owner === false ? {rememberOwner: false} : {}),
    ...(conf.clear_emulator_capabilities === false ? {keepsCapabilities: true} : {}),
    ...(helper === undefined ? {} : {bridgeHelper: helper}),
    ...(mounts === undefined ? {} : {hugetlbfsMounts: mounts}),
    ...(memoryDir === undefined ? {} : {memoryDir}),
    ...(user === undefined ? {} : {user}),
    ...(group === undefined ? {} : {group}),
    ...(controllers === undefined ? {} : {deviceLists: controllers.includes('devices') ? 'required' : 'off'}),
    ...(nodes === undefined ? {} : {deviceNodes: nodes}),
    ...(drivers === undefined ? {} : {securityDrivers: drivers}),
    ...(defaultConfined === undefined ? {} : {defaultConfined}),
    ...(requireConfined === undefined ? {} : {requireConfined}),
  };
}
