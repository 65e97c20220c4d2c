import {spawnSync} from 'node:child_process';
import {appendFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {watchPath} from '../../src/host/watch-path.ts';
import {withTempRoot} from '../support/temp-root.ts';

test('tells of a file that grows', () =>
  withTempRoot(async root => {
    writeFileSync(root.join('log'), '');
    const {promise, resolve} = Promise.withResolvers<void>();
    const watcher = watchPath(root.join('log'), resolve);
    appendFileSync(root.join('log'), 'more');
    await promise;
    watcher.dispose();
  }));

test('refuses what is not there', () => {
  expect(() => watchPath('/nowhere/at/all', () => {})).toThrow('ENOENT');
});

const hasNamespaces = spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0;

test.skipIf(!hasNamespaces)('calls again and again where the kernel gives no signs (needs user namespaces)', () =>
  withTempRoot(async root => {
    writeFileSync(root.join('log'), '');
    const script = `
      import {writeFileSync} from 'node:fs';
      import {watchPath} from ${JSON.stringify(join(import.meta.dirname, '../../src/host/watch-path.ts'))};
      writeFileSync('/proc/sys/user/max_inotify_instances', '0');
      let calls = 0;
      const watcher = watchPath(${JSON.stringify(root.join('log'))}, () => { calls += 1; if (calls === 3) watcher.dispose(); }, {recheckMs: 1});
      const timer = setInterval(() => { if (calls < 3) return; clearInterval(timer); setTimeout(() => console.log(calls), 20); }, 1);
    `;
    const namespace = ['--user', '--map-root-user', process.execPath, '--input-type=module', '--eval', script];
    const {stdout, stderr} = spawnSync('unshare', namespace, {encoding: 'utf8', timeout: 15_000});
    expect(stdout.trim(), stderr).toBe('3');
  }),
);
