import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {writeBootSectorImage} from '../guests/boot-sector/boot-sector.ts';
import {bootSectorXml} from '../guests/domain-xml.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {type TerminalOptions, TestTerminal} from './harness/terminal.ts';

export const VIRTTY = fileURLToPath(new URL('../../bin/virtty', import.meta.url));
export const hasQemu = existsSync('/usr/bin/qemu-system-x86_64');

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program on a temporary embedded instance, as its user runs it. */
export class Instance {
  readonly root: TempRoot;
  #terminals: TestTerminal[] = [];

  private constructor(root: TempRoot) {
    this.root = root;
  }

  static async make(): Promise<Instance> {
    return new Instance(await makeTempRoot());
  }

  /** Runs one command to its end. */
  run(...args: readonly string[]): CommandResult {
    const {status, stdout, stderr} = spawnSync(VIRTTY, ['-c', this.root.uri, ...args], {
      encoding: 'utf8',
      env: plainEnvironment(),
    });
    return {status, stdout, stderr};
  }

  /** Runs one command that must succeed. */
  do(...args: readonly string[]): string {
    return execFileSync(VIRTTY, ['-c', this.root.uri, ...args], {encoding: 'utf8', env: plainEnvironment()});
  }

  /** Defines a boot sector guest with a disk of its own, and more devices as XML. */
  define(name: string, devices = ''): void {
    const imagePath = this.root.join(`${name}.img`);
    writeBootSectorImage(imagePath);
    const file = this.root.join(`${name}.xml`);
    writeFileSync(file, bootSectorXml({name, imagePath}).replace('<serial', `${devices}<serial`));
    this.do('define', file);
  }

  /** Opens the program in a terminal of its own. */
  open(args: readonly string[] = [], options: TerminalOptions = {}): TestTerminal {
    const terminal = new TestTerminal(VIRTTY, ['-c', this.root.uri, ...args], options);
    this.#terminals.push(terminal);
    return terminal;
  }

  /** The process that owns the instance. */
  ownerPid(): number {
    const {pid} = JSON.parse(readFileSync(this.root.join('run', 'owner'), 'utf8')) as {readonly pid: number};
    return pid;
  }

  /** Ends everything of the instance, guests too. */
  async dispose(): Promise<void> {
    for (const terminal of this.#terminals) terminal.dispose();
    await this.#untilNobodyOwnsIt();
    const names = this.do('list', '--name').split('\n');
    for (const name of names.filter(line => line !== '')) this.do('destroy', name);
    await this.root.remove();
  }

  /** A screen whose terminal is gone needs a moment to end; until then nobody else may change the instance. */
  async #untilNobodyOwnsIt(): Promise<void> {
    const owner = this.root.join('run', 'owner');
    const pid = existsSync(owner) ? this.ownerPid() : undefined;
    while (pid !== undefined && existsSync(`/proc/${pid}`)) await new Promise(setImmediate);
  }
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const {CI: _ci, NODE_ENV: _mode, VITEST: _vitest, ...env} = process.env;
  return env;
}
