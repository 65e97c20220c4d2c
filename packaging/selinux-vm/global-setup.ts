import type {TestProject} from 'vitest/node';
import {startVm} from './prepare.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** QEMU's socket of the agent in the VM. */
    readonly agentSocket: string;
  }
}

/** Starts the VM before the first test; what is returned stops it after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const vm = await startVm('v2');
  project.provide('agentSocket', vm.agentSocket);
  return () => vm.stop();
}
