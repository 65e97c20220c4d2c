import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {jsonText} from '../format/json-text.ts';
import {printDone} from '../print.ts';
import {encodePicture, pictureFileName, pictureType, savePicture} from '../save-picture.ts';
import {UsageError} from '../usage-error.ts';

/** `virtty screenshot DOMAIN [FILE] [--screen N]`: on the standard output there is nothing but the picture. */
export async function run(context: CommandContext): Promise<void> {
  const {args, globals, io} = context;
  const screen = screenNumber(args.value('screen'));
  const [named] = args.words('file');
  if (named === '-' && globals.json) throw new UsageError("--json has no place beside a picture on '-'");
  const {hypervisor, domain} = await contextDomain(context);
  const picture = await hypervisor.domainScreenshot(domain.name, screen === undefined ? {} : {screen});
  if (named === '-') {
    io.stdout.write(encodePicture(picture, 'image/png'));
    return;
  }
  const file = named ?? pictureFileName(domain.name, Date.now());
  const type = pictureType(file);
  await savePicture(file, picture, io.cwd);
  printDone(context, `Screenshot saved to ${sanitiseUntrusted(file)}, with type of ${type}\n`); // virsh's empty line
  if (globals.json) io.out(jsonText({file, type, width: picture.width, height: picture.height}));
}

function screenNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,4}$/.test(text)) throw new UsageError(`option --screen: '${text}' is not a number from 0 on`);
  return Number(text);
}
