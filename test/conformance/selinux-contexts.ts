import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatContext} from '../../src/security/selinux/context.ts';
import {seclabelFolder, testPolicy} from './seclabel-folder.ts';
import {runCase, type Suite} from './suite.ts';

const FOLDERS = ['securityselinuxhelperdata', 'qemusecuritydata'];

/** The files in which a policy names the contexts of guests and images: line by line what is read of them. */
export const selinuxContexts: Suite = {
  name: 'selinux-contexts',
  run: corpus => {
    const folder = seclabelFolder(corpus);
    if (folder === undefined || !existsSync(join(folder, 'qemusecuritydata'))) return undefined;
    return FOLDERS.flatMap(which => {
      const compare = (file: string, read: () => readonly string[]) =>
        runCase(`${which}/${file}`, () => {
          const [want, got] = [readFileSync(join(folder, which, file), 'utf8'), `${read().join('\n')}\n`];
          return want === got ? undefined : `expected ${JSON.stringify(want)}, found ${JSON.stringify(got)}`;
        });
      return [
        compare('virtual_domain_context', () => {
          const {kvm, tcg} = testPolicy(folder, which);
          return [kvm, tcg].map(formatContext);
        }),
        compare('virtual_image_context', () => {
          const {image, content} = testPolicy(folder, which);
          return [image, content].map(formatContext);
        }),
      ];
    });
  },
};
