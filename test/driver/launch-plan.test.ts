import {expect, test} from 'vitest';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {instancePaths} from '../../src/driver/instance-paths.ts';
import {planLaunch} from '../../src/driver/launch-plan.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {legacyInput} from '../argv/legacy/legacy-input.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

test('an emulator that answers no QMP has its monitor on the first pty, and its lines on the next', () => {
  const lines = "<serial type='pty'><target port='1'/></serial><serial type='null'><target port='0'/></serial>";
  const xml = domainXml({devices: `${lines}<parallel type='pty'/>`});
  const {def, caps} = legacyInput(assignAliases(readDomain(xml)), ['name', 'drive']);
  const surroundings = {home: '/home/test', env: {}, resolve: (path: string) => path};
  const paths = instancePaths({kind: 'embed', root: '/tmp/root'}, surroundings);
  const input = {
    def,
    caps,
    executable: '/usr/bin/qemu',
    paths,
    logPath: '/log',
    guest: {uid: 1, gid: 1},
    home: '/',
    nowMs: 0,
    settings: {},
  };
  const plan = planLaunch(input);
  expect(plan.textMonitor).toEqual({lines: ['charserial0', 'charparallel0']});
  expect(renderArgv(plan.args).join(' ')).toContain('-monitor pty');
  expect(plan.warnings).toEqual([]);
  const restarted = planLaunch({...input, def: {...def, onPoweroff: 'restart', onReboot: 'destroy'}});
  const why = 'its emulator, of before QMP, does not tell of it';
  expect(restarted.warnings).toEqual([
    `<on_poweroff>restart</on_poweroff> is 'destroy' here: ${why}`,
    `<on_reboot>destroy</on_reboot> is 'restart' here: ${why}`,
  ]);
});

test('a guest of another user passes the folders of the system instance, and none but these', () => {
  const surroundings = {home: '/root', env: {}, resolve: (path: string) => path};
  const {def, caps} = legacyInput(readDomain(domainXml()), ['name', 'drive', 'qmp']);
  const plan = planLaunch({
    def,
    caps,
    executable: '/q',
    paths: instancePaths({kind: 'system'}, surroundings),
    logPath: '/l',
    guest: {uid: 107, gid: 36, groups: [36]},
    home: '/root',
    nowMs: 0,
    settings: {},
  });
  const folders = ['run', 'var/lib', 'var/log'];
  expect(plan.steps.find(step => step.do === 'let-through')).toMatchObject({
    folders: [
      ...folders.map(folder => `/${folder}/virtty`),
      ...folders.map(folder => `/${folder}/virtty/qemu`),
      '/var/lib/virtty/qemu/nvram',
      '/var/lib/virtty/qemu/swtpm',
    ],
  });
  expect(plan.environment.HOME).toBe(plan.guestDir);
});
