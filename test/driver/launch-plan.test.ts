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
});
