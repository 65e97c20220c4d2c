import {expect, test} from 'vitest';
import {instancePaths} from '../../src/driver/instance-paths.ts';
import {planLaunch} from '../../src/driver/launch-plan.ts';
import {legacyInput} from '../argv/legacy/legacy-input.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

test('an emulator that answers no QMP is not started, and the way around is told', () => {
  const {def, caps} = legacyInput(readDomain(domainXml()), ['name', 'drive']);
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
  expect(() => planLaunch(input)).toThrow(
    "cannot start domain 'demo': the emulator '/usr/bin/qemu' (QEMU 0.10.0) answers no QMP",
  );
});
