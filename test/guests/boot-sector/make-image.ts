import {writeBootSectorImage} from './boot-sector.ts';

const path = process.argv[2];
if (path === undefined) {
  process.stderr.write('usage: node test/guests/boot-sector/make-image.ts FILE\n');
  process.exitCode = 2;
} else {
  writeBootSectorImage(path);
}
