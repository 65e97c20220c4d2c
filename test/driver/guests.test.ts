import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {ipxeXml, linuxXml, openBiosXml} from '../guests/domain-xml.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const hasPpc = existsSync('/usr/bin/qemu-system-ppc') && existsSync('/usr/share/qemu/openbios-ppc');
const hasIpxe = hasQemu && existsSync('/usr/lib/ipxe/qemu/pxe-e1000.rom');
/** Where the test command builds it. */
const kernel = fileURLToPath(new URL('../../.virtty/images/vmlinuz', import.meta.url));
const initrd = fileURLToPath(new URL('../../.virtty/images/initrd.gz', import.meta.url));
const hasLinux = hasQemu && existsSync(kernel) && existsSync(initrd);

const hasSwtpm = existsSync('/usr/bin/swtpm') && existsSync('/usr/bin/swtpm_setup');

describe('guests without an image of their own', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  test.skipIf(!hasIpxe)('iPXE takes a command (needs qemu-system-x86_64 and its e1000 ROM of ipxe-qemu)', async () => {
    await driver.hypervisor.domainDefineXml(ipxeXml({name: 'ipxe'}));
    await driver.hypervisor.domainCreate('ipxe');
    const console = await driver.console('ipxe');
    await console.see('Press Ctrl-B');
    console.type('\x02');
    await console.see('iPXE>');
    console.type('echo 40 + 2\r');
    await console.see('40 + 2\r\n');
  });

  test.skipIf(!hasPpc)('OpenBIOS of another architecture counts (needs qemu-system-ppc and OpenBIOS)', async () => {
    await driver.hypervisor.domainDefineXml(openBiosXml({name: 'forth'}));
    await driver.hypervisor.domainCreate('forth');
    const console = await driver.console('forth');
    await console.see('0 > ');
    console.type('6 7 * .\r');
    await console.see('2a  ok');
    expect((await driver.hypervisor.domainLookup('forth')).arch).toBe('ppc');
  });

  test.skipIf(!hasLinux)(
    'Linux obeys the power button (needs qemu-system-x86_64 and the image of build-linux.sh)',
    async () => {
      await driver.hypervisor.domainDefineXml(linuxXml({name: 'linux', kernel, initrd}));
      await driver.hypervisor.domainCreate('linux');
      const console = await driver.console('linux');
      await console.see('virtty-linux:/# ');
      console.type('echo $((40 + 2)) $(cat /proc/cmdline)\r');
      await console.see('42 console=ttyS0');
      await driver.hypervisor.domainShutdown('linux');
      expect((await driver.untilOff('linux')).state.reason).toBe('shutdown');
    },
  );

  test.skipIf(!hasLinux || !hasSwtpm)(
    'Linux finds the TPM that the driver runs, and what its firmware has measured (needs the image and swtpm)',
    async () => {
      const tpm = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";
      const xml = linuxXml({name: 'linux', kernel, initrd}).replace('<serial', `${tpm}<serial`);
      await driver.hypervisor.domainDefineXml(xml);
      await driver.hypervisor.domainCreate('linux');
      const console = await driver.console('linux');
      await console.see('virtty-linux:/# ');
      console.type('cd /sys/class/tpm/tpm0; echo TPM $(cat tpm_version_major) $(grep -c ^0*$ pcr-sha256/0)\r');
      await console.see('TPM 2 0\r\n');
    },
  );
});
