import {expect, test} from 'vitest';
import {quoteWord} from '../../src/base/quote-shell.ts';
import type {DemoHost} from '../../src/cli/demo/demo-guest.ts';
import {formatDemoSummary} from '../../src/cli/demo/demo-summary.ts';
import {DEMO_GUESTS, planDemo} from '../../src/cli/demo/plan-demo.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {SAMPLE_CAPABILITIES, sampleDomain, uuidFor} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

const COMPLETE: DemoHost = {capabilities: SAMPLE_CAPABILITIES, exists: () => true, images: '/demo/images'};

test('offers every guest where everything is installed', () => {
  const plan = planDemo(COMPLETE, new Set());
  expect(plan.define.map(({name}) => name)).toEqual(['ipxe', 'openbios', 'linux']);
  expect(plan.missing).toEqual([]);
});

test('leaves guests alone that are there already', () => {
  const plan = planDemo(COMPLETE, new Set(['ipxe', 'linux']));
  expect(plan.define.map(({name}) => name)).toEqual(['openbios']);
});

test('says what each guest lacks', () => {
  const bare: DemoHost = {...COMPLETE, exists: () => false};
  expect(planDemo(bare, new Set()).missing).toEqual([
    "without 'ipxe': the boot ROM of the e1000 network card is not installed (Debian's package ipxe-qemu)",
    "without 'openbios': the firmware of the emulated Macintosh is not installed (Debian's package openbios-ppc)",
    "without 'linux': /demo/images/vmlinuz was not built (test/guests/linux/build-linux.sh builds it)",
  ]);
  const none: DemoHost = {...COMPLETE, capabilities: {...SAMPLE_CAPABILITIES, emulators: []}};
  expect(planDemo(none, new Set()).missing[1]).toBe(
    "without 'openbios': there is no qemu-system-ppc in /usr/local/bin, /usr/bin, /usr/libexec",
  );
});

test('summarises domains and capabilities where there is no terminal', () => {
  const text = formatDemoSummary({
    domains: [sampleDomain({name: 'ipxe', title: 'A PC'})],
    capabilities: SAMPLE_CAPABILITIES,
    uri: 'qemu:///embed?root=/my guests',
    missing: ["without 'linux': it was not built"],
    emulatorHint: 'install one',
  });
  expect(text).toBe(
    [
      ' Id   Name   State      Title',
      '-------------------------------',

      ' -    ipxe   shut off   A PC',
      '',
      "without 'linux': it was not built",
      '',
      'Host:       test.example, 2 CPUs, 8192 MiB',
      'Emulators:  1 of QEMU 7.2.22 for x86_64',
      'KVM:        not usable: /dev/kvm does not exist',
      'Failed:     /usr/bin/qemu-system-mips: it exited with status 1 before it answered',
      '',
      "The screen, in a terminal:  npm start    or    bin/virtty -c 'qemu:///embed?root=/my guests'",
      '',
    ].join('\n'),
  );
});

test('quotes what a shell would take apart', () => {
  expect(quoteWord('qemu:///session')).toBe('qemu:///session');
  expect(quoteWord("it's")).toBe("'it'\\''s'");
});

test.each(DEMO_GUESTS.map(guest => [guest.name, guest] as const))(
  'the XML of %s is understood in full',
  (name, guest) => {
    const {def, problems} = parseDomain(guest.xml(COMPLETE), {
      newUuid: () => uuidFor(name),
      newMac: () => '52:54:00:00:00:01',
    });
    expect(problems).toEqual([]);
    expect(def?.name).toBe(name);
    expect(def?.title).toBeTruthy();
    expect(def?.description).toBeTruthy();
  },
);

test('defines what is missing, then prints the summary where there is no terminal', async () => {
  const hypervisor = new FakeHypervisor({
    domains: DEMO_GUESTS.map(({name}) => sampleDomain({name})),
    capabilities: {...SAMPLE_CAPABILITIES, emulators: []},
  });
  const cli = new CliHarness({hypervisor, env: {VIRTTY_DEFAULT_URI: 'qemu:///system'}});
  expect(await cli.run('demo')).toBe(0);
  expect(cli.opened).toEqual(['qemu:///embed?root=/somewhere/.virtty owner']);
  expect(hypervisor.methods).not.toContain('domainDefineXml');
  expect(cli.stdout.text).toContain(' -    ipxe       shut off   \n -    linux ');
  expect(cli.stdout.text).toContain('Emulators:  none in /usr/local/bin, /usr/bin, /usr/libexec; install');
});
