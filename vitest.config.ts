import {defineConfig} from 'vitest/config';
import {OutcomeReporter} from './packaging/test-reporter.ts';

/** Real guests and real terminals take part: processes of their own, two at a time, with room for software emulation. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['node_modules/**', 'dist/**', '.virtty/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    env: {NODE_ENV: 'test', TZ: 'UTC'},
    reporters: ['default', new OutcomeReporter()],
    unstubEnvs: true,
  },
});
