import {describe, expect, test} from 'vitest';
import {dbusAddress, withLiveScreens} from '../../src/driver/argv/live-screens.ts';
import {planBalloonPeriod} from '../../src/driver/balloon-period.ts';
import {planDbusDaemon} from '../../src/driver/helpers/dbus-plan.ts';
import {planSwtpm, type SwtpmHost} from '../../src/driver/helpers/swtpm-plan.ts';
import {planVhostUserGpus} from '../../src/driver/helpers/vhost-user-gpu-plan.ts';
import {vhostUserProgramOf} from '../../src/driver/helpers/vhost-user-programs.ts';
import {planVirtiofsDaemons} from '../../src/driver/helpers/virtiofsd-plan.ts';
import {describeStep} from '../../src/driver/host-steps/describe-step.ts';
import {guestRunDir, type InstancePaths, instancePaths} from '../../src/driver/instance-paths.ts';
import {type DomainDef, devicesOf} from '../../src/model/domain-def.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {domainXml, NEW_UUID, readDomain} from '../model/read-domain.ts';

const paths: InstancePaths = instancePaths(
  {kind: 'embed', root: '/r'},
  {home: '/home/test', env: {}, resolve: path => path},
);
const confine: SwtpmHost['confine'] = ({program, args}) => ({program: '/confine', args: [program, ...args]});

function definition(devices: string, more = ''): DomainDef {
  return assignAliases(readDomain(domainXml({devices, more})));
}

describe('an emulated TPM', () => {
  const HOST: SwtpmHost = {
    swtpm: '/swtpm',
    setup: '/setup',
    localca: '/localca',
    hasState: false,
    confine,
    owner: {uid: 7, gid: 8},
  };
  const tpm = (attributes: string, inside = '', model = 'tpm-crb') =>
    `<tpm model='${model}'><backend type='emulator' ${attributes}>${inside}</backend></tpm>`;

  function plan(device: string, host: Partial<SwtpmHost> = {}, where = paths) {
    const def = definition(device);
    const [found] = devicesOf(def, 'tpm');
    if (found?.backend.type !== 'emulator') throw new Error('no emulated TPM');
    return planSwtpm({...found, backend: found.backend}, {def, paths: where, host: {...HOST, ...host}});
  }
  const commands = (device: string, host?: Partial<SwtpmHost>) =>
    plan(device, host)
      .steps.filter(step => step.do !== 'write-file')
      .map(describeStep);

  const STATE = `/r/lib/swtpm/${NEW_UUID}/tpm2`;
  const RUN = `/r/run/${NEW_UUID}`;
  const SERVE = `/confine /swtpm socket --tpm2 --ctrl type=unixio,path=${RUN}/guest/swtpm.sock,mode=0600 --tpmstate dir=${STATE},mode=0600 --terminate &`;

  test('is made with certificates of the instance’s own authority, then runs and is ended with the domain', () => {
    expect(commands(tpm("version='2.0'"))).toEqual([
      `mkdir -p -m 0700 ${STATE} && chown 7:8 ${STATE}`,
      'mkdir -p -m 0700 /r/lib/swtpm/ca-7 && chown 7:8 /r/lib/swtpm/ca-7',
      `/confine /setup --tpm2 --tpmstate ${STATE} --createek --config ${RUN}/guest/swtpm_setup.conf --create-ek-cert --create-platform-cert --lock-nvram --not-overwrite --vmid ${NEW_UUID}`,
      SERVE,
    ]);
    expect(plan(tpm("version='2.0'")).takeBacks).toEqual([{what: 'process', pidFile: `${RUN}/swtpm.pid`}]);
  });

  test('that is there already only runs, or gets other registers before', () => {
    expect(commands(tpm("version='2.0'"), {hasState: true})).toEqual([
      `mkdir -p -m 0700 ${STATE} && chown 7:8 ${STATE}`,
      SERVE,
    ]);
    const banks = '<active_pcr_banks><sha256/><sha512/></active_pcr_banks>';
    expect(commands(tpm("version='2.0'", banks), {hasState: true})[1]).toBe(
      `/confine /setup --tpm2 --tpmstate ${STATE} --pcr-banks sha256,sha512 --reconfigure`,
    );
  });

  test('of version 1.2 is another one, and goes without certificates where nobody can sign them', () => {
    expect(commands(tpm('', '', 'tpm-tis'), {localca: undefined})[1]).toBe(
      `/confine /setup --tpmstate /r/lib/swtpm/${NEW_UUID}/tpm1.2 --createek --lock-nvram --not-overwrite --vmid ${NEW_UUID}`,
    );
  });

  test.each<[string, string, Partial<SwtpmHost>]>([
    [tpm(''), 'its TPM is emulated by swtpm, which is not installed here', {swtpm: undefined}],
    [tpm("version='1.2'"), "a TPM 1.2 has no interface 'tpm-crb'", {}],
  ])('%s is refused: %s', (device, why, host) => {
    expect(() => plan(device, host)).toThrow(`cannot start domain 'demo': ${why}`);
  });

  test('whose state is encrypted reads the password from a file of its owner', () => {
    const device = tpm("version='2.0'", `<encryption secret='${NEW_UUID}'/>`);
    const key = `pwdfile=${RUN}/guest/secret-tpm,mode=aes-256-cbc`;
    const {steps} = plan(device, {hasState: true});
    expect(steps[1]).toMatchObject({do: 'write-secret', plain: true, store: '/r/etc/secrets', owner: {uid: 7, gid: 8}});
    expect(steps.map(describeStep).at(-1)).toContain(`--key ${key} --migration-key ${key} --terminate`);
    const made = plan(device).steps.find(step => step.do === 'run');
    expect(made && describeStep(made)).toContain(`--pwdfile ${RUN}/guest/secret-tpm --cipher aes-256-cbc`);
  });

  test('is refused where swtpm cannot be told the path', () => {
    expect(() => plan(tpm(''), {}, {...paths, lib: '/a,b'})).toThrow('swtpm takes no path with a comma: /a,b');
  });
});

describe('a graphics adapter of vhost-user', () => {
  const video =
    "<video><driver name='vhostuser'/><model type='virtio'><acceleration accel3d='yes' rendernode='/r,1'/></model></video>";
  const shared = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";
  const host = {paths, program: '/gpu', confine};

  test('is drawn by a program that sees the guest’s memory', () => {
    const {steps, takeBacks} = planVhostUserGpus(definition(video, shared), host);
    expect(steps.map(describeStep)).toEqual([
      `/confine /gpu --socket-path=/r/run/${NEW_UUID}/guest/video0-vhost-user.sock --virgl --render-node=/r,1 &`,
    ]);
    expect(takeBacks).toEqual([{what: 'process', pidFile: `/r/run/${NEW_UUID}/video0.pid`}]);
    expect(planVhostUserGpus(definition('<video/>'), host).steps).toEqual([]);
  });

  test('needs the program and the memory', () => {
    expect(() => planVhostUserGpus(definition(video, shared), {...host, program: undefined})).toThrow(
      'none is installed',
    );
    expect(() => planVhostUserGpus(definition(video), host)).toThrow('which is not shared');
  });

  test.each([
    ['{"type": "gpu", "binary": "/usr/lib/qemu/vhost-user-gpu"}', '/usr/lib/qemu/vhost-user-gpu'],
    ['{"type": "fs", "binary": "/usr/lib/qemu/virtiofsd"}', undefined],
    ['{"type": "gpu"}', undefined],
    ['[]', undefined],
    ['no JSON', undefined],
  ])('its program is described by %s', (text, program) => {
    expect(vhostUserProgramOf(text, 'gpu')).toBe(program);
  });
});

describe('the daemon of a filesystem', () => {
  const virtiofs = (source: string, binary = '') =>
    `<filesystem><driver type='virtiofs'/>${binary}<source ${source}/><target dir='t'/></filesystem>`;
  const host = {paths, program: '/virtiofsd', owner: {uid: 7, gid: 8}};
  const RUN = `/r/run/${NEW_UUID}`;

  test('shares the directory as its binary is to do it, and ends with the domain', () => {
    const binary = `<binary xattr='on' path='/mine'><cache mode='always'/><sandbox mode='chroot'/>
      <lock posix='off' flock='on'/><thread_pool size='4'/></binary>`;
    const {steps, takeBacks} = planVirtiofsDaemons(
      definition(virtiofs("dir='/a,b'") + virtiofs("dir='/c'", binary)),
      host,
    );
    expect(steps.map(describeStep)).toEqual([
      `/virtiofsd --socket-path=${RUN}/guest/fs0-fs.sock -o 'source=/a\\,b' &`,
      `/mine --socket-path=${RUN}/guest/fs1-fs.sock -o source=/c,cache=always,sandbox=chroot,xattr,flock,no_posix_lock --thread-pool-size=4 &`,
    ]);
    expect(takeBacks).toEqual(['fs0', 'fs1'].map(fs => ({what: 'process', pidFile: `${RUN}/${fs}-fs.stat`})));
  });

  test('is somebody else’s where the definition names its socket', () => {
    const {steps} = planVirtiofsDaemons(definition(virtiofs("socket='/s'")), {...host, program: undefined});
    expect(steps).toEqual([]);
  });

  test('is refused with what to install', () => {
    expect(() => planVirtiofsDaemons(definition(virtiofs("dir='/d'")), {...host, program: undefined})).toThrow(
      "cannot give domain 'demo' its filesystem 't': this host has no virtiofsd",
    );
  });
});

describe('a message bus', () => {
  const host = {paths, program: '/dbus-daemon', confine, owner: undefined};
  const live = (devices: string) => withLiveScreens(definition(devices), guestRunDir(paths, NEW_UUID));

  test('is made for a screen that names none', () => {
    const {steps} = planDbusDaemon(live("<graphics type='dbus'/>"), host);
    expect(steps.map(step => step.do)).toEqual(['write-file', 'start-helper']);
    const [config] = steps;
    expect(config?.do === 'write-file' && config.text).toContain(
      `<listen>unix:path=/r/run/${NEW_UUID}/guest/dbus.sock</listen>`,
    );
  });

  test.each(["<graphics type='dbus' p2p='yes'/>", "<graphics type='dbus' address='unix:path=/a'/>", '<video/>'])(
    'is not made for %s',
    devices => {
      expect(planDbusDaemon(live(devices), host).steps).toEqual([]);
    },
  );

  test('that cannot be made is told', () => {
    expect(() => planDbusDaemon(live("<graphics type='dbus'/>"), {...host, program: undefined})).toThrow(
      'there is no dbus-daemon here',
    );
  });

  test('has an address in which odd characters are escaped', () => {
    expect(dbusAddress('/a b,é_-.1(')).toBe('unix:path=/a%20b%2C%C3%A9_-.1%28');
  });
});

test('a balloon is told over the monitor how often to ask its guest', () => {
  expect(planBalloonPeriod(definition("<memballoon model='virtio'><stats period='10'/></memballoon>"))).toEqual([
    {
      execute: 'qom-set',
      arguments: {path: '/machine/peripheral/balloon0', property: 'guest-stats-polling-interval', value: 10},
    },
  ]);
  expect(planBalloonPeriod(definition("<memballoon model='virtio'/>"))).toEqual([]);
});
