/**
 * `sh packaging/selinux-vm/shell.sh [--v1] [SCRIPT]`: starts the VM and runs a script in it as its administrator; without
 * one, every line that it is given, until the input ends. The exit status is the last script's.
 */
import {createInterface} from 'node:readline/promises';
import {startVm} from './prepare.ts';

const SCRIPT_TIMEOUT_MS = 3_600_000;

const words = process.argv.slice(2);
const v1 = words[0] === '--v1';
const script = words.slice(v1 ? 1 : 0).join(' ');
const vm = await startVm(v1 ? 'v1' : 'v2');
try {
  console.error(`virtty: the SELinux VM runs; its agent is at ${vm.agentSocket}`);
  const scripts = script === '' ? createInterface({input: process.stdin}) : [script];
  for await (const each of scripts) {
    const {status} = await vm.run(each, {timeoutMs: SCRIPT_TIMEOUT_MS, onOutput: bytes => process.stdout.write(bytes)});
    process.exitCode = status;
  }
} finally {
  await vm.stop();
}
