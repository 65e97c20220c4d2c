import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdirSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

const SETUP = path.join(import.meta.dirname, '../../packaging/setup.sh');

/** What the functions of setup.sh need besides the shell. */
const TOOLS = ['sh', 'find', 'cmp', 'touch', 'cp', 'mkdir', 'tail', 'cat', 'echo', 'true', 'rm'];

let root: TempRoot;
beforeEach(async () => {
  root = await makeTempRoot();
  mkdirSync(root.join('packaging'));
  copyFileSync(SETUP, root.join('packaging/setup.sh'));
  mkdirSync(root.join('tools'));
  for (const tool of TOOLS) symlinkSync(`/bin/${tool}`, root.join('tools', tool));
});
afterEach(() => root.remove());

/** Puts a command into the only folder of PATH. */
function installTool(name: string, script: string): void {
  writeFileSync(root.join('tools', name), `#!/bin/sh\n${script}\n`, {mode: 0o755});
}

/** Runs functions of setup.sh in a project that has nothing but what the test put there. */
function runSetup(script: string) {
  const result = spawnSync('/bin/sh', ['-uc', `. packaging/setup.sh; ${script}`], {
    cwd: root.path,
    encoding: 'utf8',
    env: {PATH: root.join('tools')},
  });
  return {status: result.status, stdout: result.stdout, stderr: result.stderr};
}

function write(file: string, text: string, mtimeSeconds: number): void {
  mkdirSync(path.dirname(root.join(file)), {recursive: true});
  writeFileSync(root.join(file), text);
  utimesSync(root.join(file), mtimeSeconds, mtimeSeconds);
}

describe('npm packages', () => {
  beforeEach(() => {
    installTool('npm', 'echo "npm $*" >>npm-calls; mkdir -p node_modules');
    installTool('node', 'exit 0');
  });

  test('are installed from the lock when there are none, and then no more', () => {
    write('package-lock.json', 'lock', 1000);
    const result = runSetup('install_npm_packages && install_npm_packages && cat npm-calls');
    expect(result.stderr).toBe('virtty: installing npm packages ...\n');
    expect(result.stdout).toMatch(/^npm ci --ignore-scripts [^\n]*\n$/);
  });

  test('are installed again when the lock changed', () => {
    write('package-lock.json', 'new lock', 2000);
    write('node_modules/.virtty-lock', 'old lock', 1000);
    expect(runSetup('install_npm_packages').stderr).toContain('installing npm packages');
  });

  test('are left alone when the lock is only newer', () => {
    write('package-lock.json', 'lock', 2000);
    write('node_modules/.virtty-lock', 'lock', 1000);
    expect(runSetup('install_npm_packages')).toEqual({status: 0, stdout: '', stderr: ''});
  });

  test('that cannot be installed end the set-up with the words of npm', () => {
    installTool('npm', 'echo no network; exit 9');
    write('package-lock.json', 'lock', 1000);
    const result = runSetup('install_npm_packages');
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/no network\nvirtty: 'npm ci .*' failed with status 9/);
  });
});

describe('the build', () => {
  beforeEach(() => {
    installTool('node', 'echo "$@"');
    write('package-lock.json', 'lock', 1000);
    write('packaging/build.ts', '', 1000);
    write('src/base/a.ts', '', 1000);
    for (const folder of ['src/base', 'src', 'packaging', 'packaging/setup.sh'])
      utimesSync(root.join(folder), 1000, 1000);
  });

  test('is made when there is none', () => {
    expect(runSetup('build_if_stale')).toEqual({
      status: 0,
      stdout: 'packaging/build.ts\n',
      stderr: 'virtty: building ...\n',
    });
  });

  test('is left alone when nothing is newer', () => {
    write('dist/.stamp', '', 2000);
    expect(runSetup('build_if_stale')).toEqual({status: 0, stdout: '', stderr: ''});
  });

  test('is made again when a source is newer', () => {
    write('dist/.stamp', '', 2000);
    write('src/base/a.ts', '', 3000);
    expect(runSetup('build_if_stale').stdout).toBe('packaging/build.ts\n');
  });
});

describe('QEMU', () => {
  const noQemu = 'have_qemu() { return 1; };';

  test('in PATH is found', () => {
    installTool('qemu-system-riscv64', '');
    expect(runSetup('have_qemu').status).toBe(0);
  });

  test.each([
    ['apt-get', 'apt-get install -y --no-install-recommends qemu-system-x86 qemu-system-ppc ipxe-qemu'],
    ['pacman', 'pacman -S --needed --noconfirm qemu-system-x86 qemu-system-ppc'],
    ['zypper', 'zypper --non-interactive install qemu-x86 qemu-ppc qemu-ipxe'],
    ['apk', 'apk add qemu-system-x86_64 qemu-system-ppc'],
  ])('is installed with %s', (manager, command) => {
    installTool(manager, '');
    expect(runSetup('qemu_install_command').stdout).toBe(`${command}\n`);
  });

  test('is not installed by a user without a terminal, who is told the command', () => {
    installTool('apk', 'echo called >apk-called');
    installTool('id', 'echo 1000');
    const result = runSetup(`${noQemu} install_qemu || [ ! -e apk-called ]`);
    expect(result).toEqual({
      status: 0,
      stdout: '',
      stderr: 'virtty: QEMU is missing; as root: apk add qemu-system-x86_64 qemu-system-ppc\n',
    });
  });

  test('is installed by root, and a failure names the command to try', () => {
    installTool('apk', 'echo no such package; exit 4');
    installTool('id', 'echo 0');
    const result = runSetup(`${noQemu} install_qemu`);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('virtty: installing QEMU ...\nno such package\n');
    expect(result.stderr).toContain('virtty: QEMU could not be installed; by hand: apk add');
  });

  test('on a system without a known package manager is left to the user', () => {
    expect(runSetup(`${noQemu} install_qemu`).stderr).toContain('install QEMU by hand');
  });
});
