import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {LiveStatus} from '../../src/driver/live-status.ts';
import type {SecurityReport} from '../../src/model/security-report.ts';
import type {DeviceRule} from '../../src/security/cgroup/device-rule.ts';
import {scopeAddition, scopeChange} from '../../src/security/cgroup/scope-command.ts';
import {writeBootSectorImage} from '../guests/boot-sector/boot-sector.ts';
import {bootSectorXml} from '../guests/domain-xml.ts';
import {findCgroupSupport} from '../support/control-groups.ts';
import {NestedSystemd, whyNoSystemd} from '../support/nested-systemd.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {hasQemu} from './driver-harness.ts';

const {whyNoPrograms, unifiedGroup = ''} = await findCgroupSupport();
const LOOP = '/dev/loop0';
const LOOP_RULE: DeviceRule = {type: 'b', major: 7, minor: 0, access: 'rw'};
const missing = whyNoPrograms ?? whyNoSystemd(unifiedGroup) ?? (existsSync(LOOP) ? undefined : LOOP);

describe.skipIf(!hasQemu || missing !== undefined)(
  `a guest in a scope of systemd (needs qemu-system-x86_64, ${missing ?? 'systemd'})`,
  () => {
    let root: TempRoot;
    let systemd: NestedSystemd;
    beforeEach(async () => {
      root = await makeTempRoot();
      systemd = await NestedSystemd.start(unifiedGroup);
    });
    afterEach(async () => {
      await systemd.stop();
      await root.remove();
    });

    /** The program beside that systemd, from its sources. */
    const virtty = (...args: readonly string[]) => {
      const main = JSON.stringify(new URL('../../src/cli/main.ts', import.meta.url).href);
      const run = `import(${main}).then(({main}) => main(process.argv.slice(1)))`;
      return systemd.run(process.execPath, '-e', run, '--', '-c', root.uri, ...args);
    };
    const checks = () => (JSON.parse(virtty('security', '--json', 'sector')) as SecurityReport).checks;
    const drift = () =>
      checks().flatMap(({aspect, observed, verdict}) => (verdict === 'drift' ? `${aspect}: ${observed}` : []));
    const open = () => {
      const options = {driver: 'host_device', 'node-name': 'x', filename: LOOP, 'read-only': true};
      const command = JSON.stringify({execute: 'blockdev-add', arguments: options});
      return virtty('qemu-monitor-command', 'sector', command);
    };

    // some twenty runs of the program
    test('it is held to its list, live changes included, and its scope goes with it', {timeout: 90_000}, () => {
      const imagePath = root.join('sector.img');
      writeBootSectorImage(imagePath);
      writeFileSync(root.join('sector.xml'), bootSectorXml({name: 'sector', imagePath}));
      virtty('define', root.join('sector.xml'));
      virtty('start', 'sector');
      const {uuid} = JSON.parse(virtty('list', '--json'))[0] as LiveStatus;
      const status: LiveStatus = JSON.parse(readFileSync(root.join('run', uuid, 'status.json'), 'utf8'));
      const cgroup = status.confinement?.cgroup;
      if (cgroup?.kind !== 'scope') throw new Error(`the guest is in ${JSON.stringify(cgroup)}`);
      const {unit, devices} = cgroup;
      expect(unit).toMatch(/^virtty-embed-[0-9a-f]{12}-sector\.scope$/);
      expect(checks()).toContainEqual(
        expect.objectContaining({aspect: 'control group', asked: unit, observed: unit, verdict: 'ok'}),
      );
      expect(drift()).toEqual([]);
      expect(open).toThrow('Operation not permitted');
      systemd.run('systemctl', ...scopeAddition(unit, LOOP_RULE));
      expect(drift()).toEqual(['device b 7:0: rule added: rw']);
      open();
      virtty('qemu-monitor-command', 'sector', '{"execute": "blockdev-del", "arguments": {"node-name": "x"}}');
      systemd.run('systemctl', ...scopeChange(unit, devices));
      expect(open).toThrow('Operation not permitted');
      expect(drift()).toEqual([]);
      virtty('destroy', 'sector');
      expect(systemd.run('systemctl', 'show', '-P', 'LoadState', '--', unit)).toBe('not-found\n');
    });
  },
);
