import {chmod, readFile, writeFile} from 'node:fs/promises';

export interface FakeEmulator {
  readonly arch?: string;
  /** Names of the options that `query-command-line-options` lists, with their parameters. */
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly kvm?: boolean;
  /** What a guest writes on its serial line before it ends; without it a guest hangs. */
  readonly serial?: string;
}

/** Writes a program that answers QMP as an emulator does, and notes each of its starts beside it. */
export async function writeFakeEmulator(path: string, emulator: FakeEmulator = {}): Promise<void> {
  const {arch = 'x86_64', options = {}, kvm = false, serial} = emulator;
  const optionList = Object.entries(options).map(([option, parameters]) => ({
    option,
    parameters: parameters.map(name => ({name, type: 'string'})),
  }));
  const answers: Readonly<Record<string, unknown>> = {
    'query-version': {qemu: {major: 6, minor: 1, micro: 2}, package: ''},
    'query-target': {arch},
    'query-machines': [
      {name: 'none', 'cpu-max': 1},
      {name: 'pc-6.1', alias: 'pc', 'is-default': true, 'cpu-max': 255, 'hotpluggable-cpus': true},
    ],
    // A part of the question, where several have the same command: the first that fits is answered.
    'implements":"accel': [{name: 'tcg-accel', parent: 'accel'}],
    'abstract":true': [{name: 'ide-device', parent: 'device', abstract: true}],
    'qom-list-types': [{name: 'ide-hd', parent: 'ide-device'}],
    'query-commands': [{name: 'quit'}, {name: 'blockdev-del'}],
    'query-command-line-options': optionList,
    'query-kvm': {enabled: false, present: kvm},
    'query-cpu-definitions': [
      {name: 'qemu64', 'alias-of': 'qemu64-v1', 'unavailable-features': [], deprecated: true},
      {name: 'phenom', 'unavailable-features': ['fxsr-opt', '3dnow']},
      {name: '486'},
    ],
  };
  const ended = serial === undefined ? '' : `; echo '{"event": "SHUTDOWN", "data": {"guest": true}}'`;
  const run = `*'"cont"'*) echo '{"return": {}}'${ended};; *'"ringbuf-read"'*) echo '{"return": "${serial ?? ''}"}';;`;
  const unknown = {error: {class: 'CommandNotFound', desc: 'not found'}};
  const cases = Object.entries(answers).map(
    ([command, answer]) => `*'${command}"'*) echo '${JSON.stringify({return: answer})}';;`,
  );
  await writeProgram(
    path,
    [
      `echo start >>'${path}.starts'`,
      `echo '{"QMP": {"version": {"qemu": {"major": 6, "minor": 1, "micro": 2}}, "capabilities": []}}'`,
      'while read -r line; do',
      `  case "$line" in *qmp_capabilities*) echo '{"return": {}}';; ${run} ${cases.join(' ')}`,
      `  *) echo '${JSON.stringify(unknown)}';; esac`,
      'done',
    ].join('\n'),
  );
}

/** Writes a shell script that may be executed. */
export async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

/** How often a fake emulator has been started. */
export async function startsOf(path: string): Promise<number> {
  try {
    return (await readFile(`${path}.starts`, 'utf8')).trim().split('\n').length;
  } catch {
    return 0; // never started
  }
}
