import {defineConfig} from 'vitest/config';
import {NamedLinesReporter} from './packaging/selinux-vm/named-lines-reporter.ts';

/** One VM for all: one file after the other. Software emulation within software emulation takes its time. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/selinux/*.vm.ts'],
    globalSetup: 'packaging/selinux-vm/global-setup.ts',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: [new NamedLinesReporter()],
  },
});
