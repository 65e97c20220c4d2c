import {quoteWord} from '../../base/quote-shell.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {Capabilities} from '../../model/capabilities.ts';
import type {DomainSummary} from '../../model/hypervisor.ts';
import {formatTable} from '../format/table.ts';

/** What the demo prints where there is no terminal for the screen. */
export interface DemoSummary {
  readonly domains: readonly DomainSummary[];
  readonly capabilities: Capabilities;
  readonly uri: string;
  /** A sentence for each guest that this host cannot offer. */
  readonly missing: readonly string[];
  /** What to do when there is no emulator at all. */
  readonly emulatorHint: string;
}

/** The domains, what the host can run, and how to open the screen. */
export function formatDemoSummary(summary: DemoSummary): string {
  const {domains, missing, uri} = summary;
  const rows = domains.map(domain => [
    domain.id < 0 ? '-' : String(domain.id),
    sanitiseUntrusted(domain.name),
    domain.state.is,
    sanitiseUntrusted(domain.title ?? ''),
  ]);
  return [
    formatTable(['Id', 'Name', 'State', 'Title'], rows),
    ...(missing.length > 0 ? ['\n'] : []),
    ...missing.map(line => `${sanitiseUntrusted(line)}\n`),
    `\n${formatCapabilities(summary)}\n`,
    `The screen, in a terminal:  npm start    or    bin/virtty -c ${quoteWord(uri)}\n`,
  ].join('');
}

function formatCapabilities({capabilities, emulatorHint}: DemoSummary): string {
  const {host, emulators, searched} = capabilities;
  const usable = emulators.flatMap(info => (info.status === 'ok' ? [info.caps] : []));
  const failed = emulators.filter(info => info.status === 'failed');
  const versions = [...new Set(usable.map(caps => caps.version))].join(', ');
  const archs = [...new Set(usable.map(caps => caps.arch))].join(', ');
  const lines = [
    `Host:       ${host.hostname}, ${host.cpus} CPUs, ${host.memoryKiB / 1024n} MiB`,
    usable.length > 0
      ? `Emulators:  ${usable.length} of QEMU ${versions} for ${archs}`
      : `Emulators:  none in ${searched.join(', ')}; ${emulatorHint}`,
    `KVM:        ${host.kvm.usable ? '/dev/kvm opens (not tried)' : `not usable: ${host.kvm.why}`}`,
    ...failed.map(info => `Failed:     ${info.path}: ${info.status === 'failed' ? info.why : ''}`),
  ];
  return lines.map(line => `${sanitiseUntrusted(line)}\n`).join('');
}
