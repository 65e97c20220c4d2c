import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {spawn} from 'node-pty';
import {keepGuestSnapshot, lookAtGuests, prepareGuestSnapshot} from '../src/driver/emulators/guest-snapshot.ts';

/** A domain for the commands that are run: what reads definitions should be among what is compiled. */
const DOMAIN = `<domain type='qemu'><name>warm</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os><devices><serial type='pty'/></devices></domain>`;

const SCREEN_DEADLINE_MS = 10_000;

/**
 * Runs each bundle once on an instance of its own and keeps the code that V8 compiled for it, so that no later start
 * compiles it again. Without it everything works, more slowly: a failure is told and no more.
 *
 * @param names  of the bundles in `dist/`
 */
export async function writeCodeCaches(
  root: string,
  names: {readonly commands: string; readonly screen: string; readonly quick: string},
): Promise<void> {
  const instance = mkdtempSync(path.join(tmpdir(), 'vt-'));
  const program = path.join(root, 'bin/virtty');
  const args = ['-c', `qemu:///embed?root=${instance}`];
  const environment = (name: string) => {
    const {CI: _, ...env} = process.env;
    return {...env, TERM: 'xterm-256color', VIRTTY_WRITE_CODE_CACHE: path.join(root, 'dist', `${name}.cache`)};
  };
  try {
    writeFileSync(path.join(instance, 'warm.xml'), DOMAIN);
    for (const command of [
      ['define', path.join(instance, 'warm.xml')],
      ['list', '--all'],
    ]) {
      execFileSync(program, [...args, ...command], {
        env: environment(names.commands),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
    await warmQuick(root, instance);
    execFileSync(program, [...args, 'capabilities'], {
      env: environment(names.quick),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await showScreen(program, args, environment(names.screen));
  } catch (error) {
    process.stderr.write(`virtty: starts will be slower, no compiled code was kept: ${String(error)}\n`);
  } finally {
    rmSync(instance, {recursive: true, force: true});
  }
}

/** As if all was known of this host's emulators: to ask them takes longer than the whole build. */
async function warmQuick(root: string, instance: string): Promise<void> {
  const place = {
    cacheDir: path.join(instance, 'cache'),
    configuration: path.join(instance, 'etc/qemu.conf'),
    program: path.join(root, 'dist/virtty.cjs'),
  };
  await prepareGuestSnapshot(place);
  await keepGuestSnapshot(place, await lookAtGuests(place), {kvm: {usable: true}, guestsXml: ''});
}

/** Opens the screen, and leaves it when the domain is on it. */
async function showScreen(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const pty = spawn(program, args, {cols: 120, rows: 40, env});
  const deadline = setTimeout(() => pty.kill('SIGKILL'), SCREEN_DEADLINE_MS);
  let output = '';
  pty.onData(data => {
    const before = output.includes('warm');
    output += data;
    if (!before && output.includes('warm')) pty.write('q');
  });
  await new Promise<void>(resolve => pty.onExit(() => resolve()));
  clearTimeout(deadline);
}
