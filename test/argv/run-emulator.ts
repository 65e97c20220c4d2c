import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createConnection, type Socket} from 'node:net';
import type {ArgvSettings, HostAnswers} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {waitForChange} from '../../src/host/wait-for.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {QmpClient} from '../../src/monitor/qmp-client.ts';
import {argvInput} from './live-domain.ts';

const TIMEOUT_MS = 15_000;

/** A definition to run for real: by which binary, with sockets in which directory. */
export interface EmulatorRun {
  readonly def: DomainDef;
  readonly path: string;
  readonly caps: EmulatorCaps;
  readonly runDir: string;
  readonly host?: HostAnswers;
  readonly settings?: ArgvSettings;
}

/**
 * Starts the emulator with the command line of a definition, hands its monitor to `use`, and ends it.
 * An emulator that refuses its arguments fails with its own words.
 */
export async function withEmulator<T>(
  run: EmulatorRun,
  use: (monitor: QmpClient, pid: number) => Promise<T>,
): Promise<T> {
  const {host, settings} = run;
  const own = {...(host ? {host} : {}), ...(settings ? {settings} : {})};
  const input = {...argvInput(run.def, run.caps, run.runDir), ...own};
  const child = spawn(run.path, renderArgv(buildArgv(input)), {cwd: '/', stdio: ['ignore', 'ignore', 'pipe']});
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const ended = once(child, 'close').then((): never => {
    throw new Error(`the emulator ended (${child.exitCode ?? child.signalCode}): ${words}`);
  });
  ended.catch(() => {}); // raced below
  try {
    const socket = await Promise.race([ended, connect(input.paths.monitorSocket, run.runDir)]);
    const client = new QmpClient(socket);
    // A connection that breaks is an emulator that ends: its own words say more.
    await client.negotiate({timeoutMs: TIMEOUT_MS}).catch(() => ended);
    return await use(client, child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
    await ended.catch(() => {}); // that it ends now is what is wanted
  }
}

async function connect(path: string, directory: string): Promise<Socket> {
  const socket = await waitForChange(directory, () => tryConnect(path), {timeoutMs: TIMEOUT_MS});
  if (!socket) throw new Error(`nothing listens on ${path}`);
  return socket;
}

function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
