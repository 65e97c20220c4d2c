import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {runScreen} from '../../src/views/run-screen.tsx';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {demoHypervisor} from './demo-hypervisor.ts';

// The screen over guests in memory: `node test/ui/demo-screen.ts [empty]`, for a look at it.
const hypervisor = process.argv.includes('empty') ? new FakeHypervisor() : demoHypervisor();
await runScreen({
  hypervisor,
  stdin: process.stdin,
  stdout: process.stdout,
  env: process.env,
  version: '0.0.0',
  now: Date.now,
  readTextFile: path => readFile(path, 'utf8'),
});
process.exit(0);
