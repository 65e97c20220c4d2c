import {execFileSync} from 'node:child_process';
import {appendFileSync, constants, openSync} from 'node:fs';
import {dirname} from 'node:path';
import {open} from 'node-pty';
import {RecordedAnswers} from './recorded-answers.ts';

/**
 * An emulator of before QMP as its recordings show it, for a start with `-monitor pty`: `node old-emulator.ts VERSION PROGRAM
 * ARGUMENTS`. The ptys are named on standard error, the monitor first. What was not recorded ends it with a word. A serial
 * line says `running` when the guest runs, and says back what is typed into it.
 */
const [, , version = '', program = '', ...args] = process.argv;
const answers = new RecordedAnswers(version, dirname(program));
appendFileSync(`${program}.started`, `${args.join(' ')}\n`);

const monitor = openPty();
const serials = args.flatMap((arg, index) => (arg === '-serial' && args[index + 1] === 'pty' ? [openPty()] : []));
let isRunning = false;

for (const {path} of [monitor, ...serials]) process.stderr.write(`char device redirected to ${path}\n`);
monitor.master.write(Buffer.from(answers.greeting, 'latin1'));

let written = '';
monitor.master.on('data', (chunk: Buffer | string) => {
  written += Buffer.from(chunk).toString('latin1');
  for (let end = written.indexOf('\r'); end >= 0; end = written.indexOf('\r')) {
    const line = written.slice(0, end);
    written = written.slice(end + 1);
    handleLine(line);
  }
});

for (const {master} of serials)
  master.on('data', (chunk: Buffer | string) => master.write(`<${Buffer.from(chunk).toString()}>`));

function handleLine(line: string): void {
  appendFileSync(`${program}.lines`, `${line}\n`);
  const answer = answerOf(line);
  monitor.master.write(Buffer.from(answer.bytes, 'latin1'), () => {
    if (answer.endsEmulator) process.exit(0);
  });
  if (line === 'cont') {
    isRunning = true;
    for (const {master} of serials) master.write('running\r\n');
  }
  if (line === 'stop') isRunning = false;
}

function answerOf(line: string) {
  try {
    return answers.answer(line, isRunning);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    process.exit(3);
  }
}

/** Its other end stays open, as QEMU's does, and is no terminal that shows what is written. node-pty's own would read it. */
function openPty() {
  const {master, slave, ptsName} = open({cols: 80, rows: 24});
  openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
  slave.destroy();
  execFileSync('stty', ['-F', ptsName, 'raw', '-echo']);
  return {master, path: ptsName};
}

// As a guest that powers off ends it.
process.on('SIGUSR2', () => process.exit(0));
