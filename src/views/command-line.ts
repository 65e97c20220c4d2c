import {DOMAIN_ACTIONS, type DomainActionId} from '../app/actions.ts';
import {ACTION_IDS, type CommandId} from '../app/command-ids.ts';
import {GRAPHICS_CHOICES, type GraphicsChoice, parseGraphicsChoice} from '../app/graphics.ts';
import {PANES} from '../app/view-state.ts';
import {commonStart} from '../base/common-start.ts';

/** What a line of the command line asks for. */
export type LineCommand =
  | {readonly is: 'action'; readonly action: DomainActionId; readonly domain: string | undefined}
  | {readonly is: 'select'; readonly domain: string}
  | {readonly is: 'define'; readonly path: string}
  /** Into a drive of the selected domain; without a target into the only one. */
  | {readonly is: 'insert'; readonly path: string; readonly target: string | undefined}
  /** Of the selected domain. */
  | {readonly is: 'attach'; readonly target: string; readonly path: string}
  | {readonly is: 'detach'; readonly target: string}
  /** Empty where it has to be asked for. */
  | {readonly is: 'import'; readonly source: string}
  /** What a key does as well. */
  | {readonly is: 'go'; readonly command: CommandId}
  | {
      readonly is: 'console' | 'monitor' | 'display' | 'xml' | 'command-line' | 'explain' | 'edit';
      readonly domain: string | undefined;
    }
  | {readonly is: 'graphics'; readonly choice: GraphicsChoice}
  | {readonly is: 'uri'}
  /** Nothing was typed. */
  | {readonly is: 'none'}
  /** `why` is a sentence. */
  | {readonly is: 'unknown'; readonly why: string};

const PLAIN = {
  help: 'help',
  h: 'help',
  quit: 'quit',
  q: 'quit',
  messages: 'messages.show',
  probe: 'capabilities.probe',
  resize: 'console.resize',
} as const;

/** Commands that show something of a domain. */
const VIEWS = ['console', 'monitor', 'display', 'xml', 'command-line', 'explain', 'edit'] as const;

/** How each command is written, and what it does: for the help. */
export const COMMAND_LINE_HELP: readonly (readonly [usage: string, help: string])[] = [
  ...Object.values(DOMAIN_ACTIONS).map(action => [`:${action.id} [NAME]`, action.help] as const),
  [':console [NAME]', 'open its console and type into it'],
  [':resize', 'tell the guest at its shell how large its console is here (stty)'],
  [':monitor [NAME]', 'open its QEMU monitor'],
  [':display [NAME]', 'show its screen'],
  [`:display ${GRAPHICS_CHOICES.join('|')}`, 'draw screens of guests with blocks, or as images of this terminal'],
  [':xml [NAME]', 'show its XML'],
  [':command-line [NAME]', 'show the command line of its emulator'],
  [':explain [NAME]', 'say which file its process cannot reach, and what would help'],
  [':edit [NAME]', 'edit its saved XML'],
  [':select NAME', 'select a domain'],
  [':insert [DRIVE] FILE', 'put a medium into a drive of the selected domain, e.g. hdc'],
  [':attach DISK FILE', 'give the selected domain a disk, e.g. vdb: raw, or qcow2 where the name of the file ends so'],
  [':detach DISK', 'take a disk from the selected domain'],
  [':define FILE', 'define a domain from a file with its XML'],
  [':import [FILE | PID]', 'import a QEMU command line'],
  [':PANE', `go to a pane: ${PANES.join(', ')}`],
  [':probe', 'ask every emulator again what it can do'],
  [':uri', 'say what this is connected to'],
  [':messages', 'show every message in full'],
  [':help', 'show every key'],
  [':q', 'quit; running guests go on'],
];

/** Reads a line without its colon; names with spaces may stand in quotes. */
export function parseCommandLine(line: string): LineCommand {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const argument = unquote(rest.join(' '));
  if (word === '') return {is: 'none'};
  const plain = Object.entries(PLAIN).find(([name]) => name === word)?.[1];
  if (plain) return {is: 'go', command: plain};
  if (word === 'uri') return {is: 'uri'};
  const action = ACTION_IDS.find(id => id === word);
  if (action) return {is: 'action', action, domain: argument || undefined};
  const graphics = word === 'display' ? parseGraphicsChoice(rest.join(' ')) : undefined;
  if (graphics) return {is: 'graphics', choice: graphics};
  const view = VIEWS.find(name => name === word);
  if (view) return {is: view, domain: argument || undefined};
  if (word === 'insert') return parseInsert(rest);
  if (word === 'attach') return parseAttach(rest);
  if (word === 'detach')
    return argument === '' ? {is: 'unknown', why: ':detach needs a disk, e.g. vdb'} : {is: 'detach', target: argument};
  if (word === 'import') return {is: 'import', source: argument};
  const pane = PANES.find(id => id === word);
  if (pane) return {is: 'go', command: `pane.${pane}`};
  if (word === 'select' || word === 'define') {
    if (argument === '') return {is: 'unknown', why: `:${word} needs a ${word === 'select' ? 'domain' : 'file'}`};
    return word === 'select' ? {is: 'select', domain: argument} : {is: 'define', path: argument};
  }
  return {is: 'unknown', why: `there is no command '${word}': :help lists them`};
}

function parseInsert(words: readonly string[]): LineCommand {
  const [first = '', ...others] = words;
  const target = /^[hsvf]d[a-z]$/.test(first) ? first : undefined;
  const path = unquote((target === undefined ? words : others).join(' '));
  return path === '' ? {is: 'unknown', why: ':insert needs a file'} : {is: 'insert', path, target};
}

function parseAttach([target = '', ...words]: readonly string[]): LineCommand {
  const path = unquote(words.join(' '));
  return path === '' ? {is: 'unknown', why: ':attach needs a disk and a file'} : {is: 'attach', target, path};
}

/** What the Tab key makes of a line, and what there is to choose from when that is more than one thing. */
export interface Completion {
  readonly text: string;
  readonly offers: readonly string[];
}

/** The path that is being typed behind a command that takes a file, and where it begins; undefined for any other. */
export function typedPath(text: string): {readonly head: string; readonly path: string} | undefined {
  const match = /^((?:define|import|attach\s+\S+|insert(?:\s+[hsvf]d[a-z])?)\s+)(.*)$/s.exec(text);
  return match ? {head: match[1] ?? '', path: match[2] ?? ''} : undefined;
}

/** Completes the command's name, then the domain's. */
export function completeCommandLine(text: string, domains: readonly string[]): Completion {
  const at = text.indexOf(' ');
  if (at < 0) return complete('', text, commandNames());
  const word = text.slice(0, at);
  const takesDomain = [...ACTION_IDS, ...VIEWS, 'select'].some(name => name === word);
  if (!takesDomain) return {text, offers: []};
  return complete(`${word} `, text.slice(at + 1).trimStart(), domains);
}

function commandNames(): readonly string[] {
  return [
    ...new Set([
      ...ACTION_IDS,
      ...VIEWS,
      'attach',
      'define',
      'detach',
      'import',
      'insert',
      'select',
      'uri',
      ...PANES,
      ...Object.keys(PLAIN),
    ]),
  ].filter(name => name.length > 1);
}

function complete(head: string, start: string, names: readonly string[]): Completion {
  const offers = names.filter(name => name.startsWith(start)).toSorted();
  const [first] = offers;
  if (first === undefined) return {text: head + start, offers: []};
  if (offers.length === 1) return {text: `${head}${first} `, offers: []};
  return {text: head + commonStart(offers), offers};
}

function unquote(text: string): string {
  return /^(['"]).*\1$/.test(text) ? text.slice(1, -1) : text;
}
