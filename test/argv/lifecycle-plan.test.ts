import {expect, test} from 'vitest';
import {buildLifecycleArgs} from '../../src/driver/argv/lifecycle-args.ts';
import {driverDuties, planLifecycle} from '../../src/driver/argv/lifecycle-plan.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import type {CrashAction, DomainDef, LifecycleAction} from '../../src/model/domain-def.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {argvInput} from './live-domain.ts';
import {PLAIN_CAPS, X86_CAPS} from './sample-caps.ts';

function domain(onPoweroff: LifecycleAction, onReboot: LifecycleAction, onCrash: CrashAction): DomainDef {
  return {...readDomain(domainXml()), onPoweroff, onReboot, onCrash};
}

test.each<[LifecycleAction, LifecycleAction, CrashAction, string, string]>([
  ['destroy', 'restart', 'destroy', 'reboot=reset,shutdown=poweroff,panic=shutdown', ''],
  ['destroy', 'destroy', 'preserve', 'reboot=shutdown,shutdown=poweroff,panic=pause', ''],
  ['destroy', 'restart', 'restart', 'reboot=reset,shutdown=poweroff,panic=pause', 'guest-panic:restart'],
  ['destroy', 'preserve', 'preserve', 'reboot=shutdown,shutdown=pause,panic=pause', 'guest-shutdown:end'],
  ['restart', 'restart', 'preserve', 'reboot=reset,shutdown=pause,panic=pause', 'guest-shutdown:restart'],
  [
    'preserve',
    'restart',
    'coredump-restart',
    'reboot=reset,shutdown=pause,panic=pause',
    'guest-panic:dump-and-restart',
  ],
  ['preserve', 'destroy', 'preserve', 'reboot=shutdown,shutdown=pause,panic=pause', 'guest-reset:end'],
  [
    'preserve',
    'preserve',
    'coredump-destroy',
    'reboot=shutdown,shutdown=pause,panic=pause',
    'guest-panic:dump-and-end',
  ],
])('power off %s, reboot %s, crash %s', (onPoweroff, onReboot, onCrash, action, duties) => {
  const def = domain(onPoweroff, onReboot, onCrash);
  expect(renderArgv(buildLifecycleArgs(argvInput(def, X86_CAPS)))).toEqual(['-action', action]);
  expect(
    driverDuties(def)
      .map(duty => `${duty.on}:${duty.does}`)
      .join(' '),
  ).toBe(duties);
});

test('an emulator without -action gets the flags of before', () => {
  const flags = (def: DomainDef) => renderArgv(buildLifecycleArgs(argvInput(def, PLAIN_CAPS)));
  expect(flags(domain('destroy', 'restart', 'destroy'))).toEqual([]);
  expect(flags(domain('destroy', 'destroy', 'destroy'))).toEqual(['-no-reboot']);
  expect(flags(domain('preserve', 'destroy', 'destroy'))).toEqual(['-no-reboot', '-no-shutdown']);
});

test('refuses rename-restart, naming the element', () => {
  expect(() => planLifecycle(domain('destroy', 'rename-restart', 'destroy'))).toThrow(
    "cannot start domain 'demo': <on_reboot>rename-restart</on_reboot> is not supported with QEMU",
  );
});

test.each(['destroy', 'preserve'] as const)('refuses a restart after power-off with %s on reboot', onReboot => {
  expect(() => planLifecycle(domain('restart', onReboot, 'destroy'))).toThrow(
    `QEMU cannot hold <on_poweroff>restart</on_poweroff> and <on_reboot>${onReboot}</on_reboot> together`,
  );
});
