import {expect, test} from 'vitest';
import {type ConfigurationFacts, checkSettings} from '../../src/driver/config/check-settings.ts';
import {planSettings} from '../../src/driver/config/plan-settings.ts';
import {parseAccountDatabase} from '../../src/host/users.ts';
import {readQemuConf} from '../../src/model/config/qemu-conf.ts';

const FACTS: ConfigurationFacts = {
  uid: 0,
  gid: 0,
  accounts: parseAccountDatabase(
    'root:x:0:0::/root:/bin/sh\nqemu:x:107:36::/:/bin/false\n',
    'root:x:0:\nkvm:x:36:qemu\n',
  ),
  isDirectory: path => path === '/etc/pki/mine',
  isExecutable: path => path === '/usr/libexec/helper',
  hugetlbfs: ['/dev/hugepages'],
  models: ['selinux', 'dac'],
};

const errorsOf = (text: string, facts = FACTS) =>
  checkSettings(readQemuConf(text), facts).map(({line, message}) => `${line}: ${message}`);

test.each([
  ['user = "root"\ngroup = "root"\nsecurity_driver = ["dac", "none"]\nsecurity_require_confined = 0', undefined],
  ['hugetlbfs_mount = ["/dev/hugepages"]\nbridge_helper = "/usr/libexec/helper"', undefined],
  ['hugetlbfs_mount = ""', undefined],
  ['default_tls_x509_cert_dir = "/etc/pki/mine"\nremote_display_port_min = 6000', undefined],
  ['user = "qemu"\ngroup = "kvm"', undefined],
  ['user = "qemu"', undefined],
  ['user = "+64055"\ngroup = "+109"', undefined],
  ['\nuser = "nix"', "2: 'user' cannot be kept to: there is no user 'nix' on this host (a name, or + and a number)"],
  [
    'user = "qemu"\ngroup = "nix"',
    "2: 'group' cannot be kept to: there is no group 'nix' on this host (a name, or + and a number)",
  ],
  [
    'user = "+64055"',
    "1: 'user' cannot be kept to: the user 64055 has no entry on this host: its group has to be named, too",
  ],
  [
    'user = "+4294967295"',
    "1: 'user' cannot be kept to: there is no user '+4294967295' on this host (a name, or + and a number)",
  ],
  [
    'security_driver = ["selinux", "apparmor"]',
    "1: 'security_driver' has to be selinux, dac or none: guests are not confined by 'apparmor' yet",
  ],
  ['security_driver = ["selinux", "selinux"]', "1: 'security_driver' has to name each once: 'selinux' is there twice"],
  ['security_driver = "selinux"\nsecurity_require_confined = 1', undefined],
  [
    'security_driver = "none"\nsecurity_require_confined = 1',
    "2: 'security_require_confined' has to be 0: guests are confined by no security module here",
  ],
  [
    'security_driver = ["dac", "tomoyo"]',
    "1: 'security_driver' has to name selinux, apparmor, dac, none: 'tomoyo' is none of them",
  ],
  ['security_require_confined = 1', undefined],
  ['vnc_tls_x509_cert_dir = "/nix"', "1: 'vnc_tls_x509_cert_dir' has to be a directory: /nix is none"],
  ['bridge_helper = "/nix"', "1: 'bridge_helper' has to be a program: /nix is none that can be executed"],
  ['hugetlbfs_mount = "/mnt"', "1: 'hugetlbfs_mount' has to name mounted hugetlbfs: /mnt is not among /dev/hugepages"],
  [
    'remote_display_port_max = 6000\nremote_display_port_min = 6001',
    "1: 'remote_display_port_max' has to be at least remote_display_port_min, 6001",
  ],
])('holds %j against the host', (text, error) => {
  expect(errorsOf(text)).toEqual(error === undefined ? [] : [error]);
});

const settingsOf = (text: string, directories: readonly string[] = []) =>
  planSettings(readQemuConf(text).conf, path => directories.includes(path));

test('screens listen, ask for passwords and encrypt as the configuration says', () => {
  const text = `vnc_listen = "::"
vnc_tls = 1
vnc_tls_x509_verify = 0
vnc_sasl = 1
vnc_sasl_dir = "/etc/sasl"
spice_password = "s"
spice_tls = 1
remote_websocket_port_min = 6000
remote_websocket_port_max = 6010`;
  const {vnc, spice, websocketPorts, displayPorts} = settingsOf(text, ['/etc/pki/libvirt-spice']);
  expect(vnc).toEqual({
    listen: '::',
    tls: {x509Dir: '/etc/pki/qemu', verify: false},
    sasl: true,
    saslDir: '/etc/sasl',
    autoUnixSocket: false,
  });
  expect(spice).toEqual({
    password: 's',
    tls: {x509Dir: '/etc/pki/libvirt-spice'},
    autoUnixSocket: false,
    sasl: false,
  });
  expect([displayPorts, websocketPorts]).toEqual([
    {first: 5900, last: 65_535},
    {first: 6000, last: 6010},
  ]);
});

test('certificates are those of the service, then those of its usual directory, then those for all', () => {
  const dirs = (text: string, directories: readonly string[]) => {
    const {chardevTls, diskTls} = settingsOf(text, directories);
    return [chardevTls?.x509Dir, diskTls?.x509Dir, chardevTls?.verify];
  };
  const text = 'chardev_tls_x509_cert_dir = "/c"\ndefault_tls_x509_cert_dir = "/d"\ndefault_tls_x509_verify = 0';
  expect(dirs(text, [])).toEqual(['/c', '/d', false]);
  expect(dirs(text, ['/etc/pki/libvirt-nbd'])).toEqual(['/c', '/etc/pki/libvirt-nbd', false]);
  expect(dirs('', [])).toEqual(['/etc/pki/qemu', '/etc/pki/qemu', true]);
});
