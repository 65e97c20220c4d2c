import type {DomainStats, DomainSummary} from '../../src/model/hypervisor.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain, sampleSecurity} from '../support/samples.ts';

const GIB = 1_048_576n;

/** Guests that use some CPU, so that a screen has something to show. */
class BusyHypervisor extends FakeHypervisor {
  override async domainStats(): Promise<readonly DomainStats[]> {
    const atMs = performance.now();
    const running = (await this.listDomains()).filter(domain => domain.id >= 0);
    return running.map(({name, id, vcpus}) => {
      const load = 0.2 + 0.2 * Math.sin(atMs / 7000 + id);
      return {
        name,
        atMs,
        vcpus,
        cpuTimeNs: BigInt(Math.round(atMs * 1e6 * load)),
        rssKiB: 60_000n + BigInt(id) * 9000n,
      };
    });
  }
}

const DOMAINS: readonly DomainSummary[] = [
  runningDomain('web-frontend', 1, {
    memoryKiB: 2n * GIB,
    vcpus: 2,
    emulator: '/usr/bin/qemu-system-x86_64',
    startedAtMs: Date.now() - 7_500_000,
  }),
  runningDomain('database-primary.production', 2, {
    memoryKiB: 16n * GIB,
    vcpus: 8,
    title: 'PostgreSQL 15, do not touch',
    startedAtMs: Date.now() - 400_000_000,
  }),
  {
    ...runningDomain('build', 3),
    state: {is: 'paused', reason: 'I/O error'},
    lastWords: ['block I/O error in device drive-virtio-disk0: No space left on device (28)'],
  },
  sampleDomain({name: 'mail', state: {is: 'shut off', reason: 'shutdown'}, memoryKiB: GIB}),
  sampleDomain({
    name: 'legacy-ppc',
    arch: 'ppc',
    state: {is: 'shut off', reason: 'failed'},
    lastWords: [
      "qemu-system-ppc: -drive file=/srv/images/legacy.qcow2,if=none,id=drive0: Could not open '/srv/images/legacy.qcow2': No such file or directory",
    ],
  }),
  {...runningDomain('späti-café', 5), state: {is: 'in shutdown', reason: 'user'}},
];

/** A host with guests in every state. */
export function demoHypervisor(): FakeHypervisor {
  const hypervisor = new BusyHypervisor({domains: DOMAINS});
  for (const domain of DOMAINS) {
    hypervisor.scriptSecurity(domain.name, sampleSecurity(domain.name));
    hypervisor.scriptLog(domain.name, [
      `2026-11-23 09:00:00.000+0000: starting up ${domain.name}`,
      `/usr/bin/qemu-system-${domain.arch} -name guest=${domain.name},debug-threads=on -S -machine pc-i440fx-7.2,accel=tcg -m 16`,
      ...domain.lastWords,
    ]);
    hypervisor
      .addConsole(domain.name)
      .output(`SeaBIOS (version 1.16.2)\r\nBooting from ROM...\r\n\x1b[1;32m${domain.name}\x1b[0m login: `);
    hypervisor.scriptMonitor(domain.name, 'info status', 'VM status: running\r\n');
  }
  return hypervisor;
}
