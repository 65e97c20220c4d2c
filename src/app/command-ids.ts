import {DOMAIN_ACTIONS, type DomainActionId} from './actions.ts';

/** What can be asked of the program apart from an action on a domain; the sentence is the help's. */
export const PROGRAM_COMMANDS = {
  'domain.next': 'select the next domain',
  'domain.previous': 'select the previous domain',
  'domain.first': 'select the first domain',
  'domain.last': 'select the last domain',
  'domain.open': 'look at the selected domain',
  'domain.pause': 'pause the domain, or let it go on',
  'domain.menu': 'list every action on the selected domain, with the reason where one is not possible',
  'domain.xml': 'show its XML: live, saved, and the difference between them',
  'domain.command-line': 'show the command line that a start would use, or that the running one was started with',
  'domain.explain': 'say which file its process cannot reach, why, and what would help; nothing is run',
  'domain.edit': 'edit the saved XML with $VISUAL or $EDITOR; it is defined only after a yes',
  'document.page': 'show the next text: live, saved, the difference',
  'document.copy': "copy the whole text into the terminal's clipboard (OSC 52)",
  'search.open': 'search in this text',
  'search.take': 'go to the first match; nothing typed: to the next one',
  'search.close': 'do not search',
  'search.next': 'go to the next match',
  'search.previous': 'go to the previous match',
  'import.open': 'import a QEMU command line: from a file, a process, or pasted',
  'import.complete': 'complete the path of a file',
  'import.read': 'read it, and show what it comes to; nothing is defined',
  'import.close': 'import nothing',
  'import.define': 'yes: define the imported domain',
  'import.name': 'give the imported domain another name',
  'import.edit': 'edit the XML, or the command line while that has an error',
  'import.later': 'no: do not define it; the import is kept, and importing again goes on with it',
  'import.discard': 'throw the import away',
  'naming.take': 'take the name',
  'naming.close': 'leave the name as it is',
  'edit.define': 'yes: define the domain as edited',
  'edit.again': 'edit again, from the text as it was left',
  'review.validate': "hold it against libvirt's schema, too, or no longer",
  'edit.later': 'no: do not define it; the text is kept, and editing again goes on with it',
  'edit.discard': 'throw the edited text away',
  'console.open': "open the guest's console and type into it",
  'console.leave': 'leave the console; the guest goes on',
  'console.type': 'type into the console again',
  'console.newline': 'send a newline to the guest',
  'console.resize': 'tell the guest the size of this pane: types stty rows ROWS cols COLUMNS',
  'console.device': "show the guest's next serial line or console",
  'console.copy': "copy the text that is shown into the terminal's clipboard (OSC 52)",
  'console.save': 'write the whole history into a file',
  'save.take': 'write the file',
  'save.close': 'write nothing',
  'display.open': "show the guest's screen, drawn with coloured blocks",
  'display.refresh': 'take a new picture now; else every two seconds',
  'display.zoom-in': 'show a part of the picture larger, so that small letters can be read',
  'display.zoom-out': 'show more of the picture again',
  'display.left': 'go to the left in a picture that is shown larger',
  'display.right': 'go to the right',
  'display.up': 'go up',
  'display.down': 'go down',
  'display.save': 'save the picture as a PNG file in the directory where virtty was started',
  'display.type': "type a line on the guest's keyboard",
  'display.send': 'type it, and Enter',
  'display.type-close': 'type nothing',
  'monitor.open': "open the guest's QEMU monitor",
  'monitor.run': 'run the command',
  'monitor.older': 'take an older command',
  'monitor.newer': 'take a newer command',
  'pane.next': 'go to the next pane',
  'pane.previous': 'go to the previous pane',
  'pane.domains': 'go to the list of domains',
  'pane.detail': 'go to the detail of the selected domain',
  'pane.console': 'go to the console',
  'pane.monitor': 'go to the monitor',
  'pane.capabilities': 'go to the capabilities of host and emulators',
  'pane.security': 'go to the confinement of the guests',
  'pane.zoom': 'give the whole screen to this pane, or take it back',
  'pane.back': 'close what is in front: a message, the filter, the search, the zoom; then back to the list',
  'tree.next': 'go to the next line',
  'tree.previous': 'go to the line above',
  'tree.page-down': 'go a page down',
  'tree.page-up': 'go a page up',
  'tree.first': 'go to the first line',
  'tree.last': 'go to the last line',
  'tree.toggle': 'unfold or fold the line',
  'tree.open': 'unfold the line; on one that is unfolded, go into it',
  'tree.close': 'fold the line; on one that is folded, go to the line that it is in',
  'tree.open-all': 'unfold the line and everything in it',
  'tree.close-all': 'fold the line and everything in it',
  'tree.copy': "copy what the line names into the terminal's clipboard (OSC 52)",
  'capabilities.xml': 'show the capabilities as XML, and those of domains with the emulator of this line',
  'capabilities.probe': 'ask every emulator again what it can do',
  'scroll.up': 'scroll up',
  'scroll.down': 'scroll down',
  'scroll.page-up': 'scroll a page up',
  'scroll.page-down': 'scroll a page down',
  'scroll.top': 'scroll to the beginning',
  'scroll.bottom': 'scroll to the end',
  'filter.open': 'show only domains with the words typed',
  'filter.take': 'keep the filter',
  'filter.clear': 'clear the filter',
  'command.open': 'type a command',
  'command.run': 'run the command',
  'command.complete': 'complete a command or the name of a domain',
  'command.older': 'take an older command',
  'command.newer': 'take a newer command',
  'command.close': 'close the command line',
  'line.left': 'move the cursor to the left',
  'line.right': 'move the cursor to the right',
  'line.home': 'move the cursor to the beginning',
  'line.end': 'move the cursor to the end',
  'line.backspace': 'delete the character before the cursor',
  'line.delete': 'delete the character under the cursor',
  'line.delete-word': 'delete the word before the cursor',
  'line.delete-to-start': 'delete everything before the cursor',
  'line.delete-to-end': 'delete everything behind the cursor',
  'modal.yes': 'do it',
  'modal.no': 'do not do it',
  'modal.close': 'close this',
  'messages.show': 'show every message in full',
  help: 'show every key',
  suspend: 'suspend virtty (fg brings it back)',
  quit: 'quit; running guests go on',
} as const;

export type ProgramCommandId = keyof typeof PROGRAM_COMMANDS;
/** Everything that a key, a menu or the command line can ask for. */
export type CommandId = ProgramCommandId | `do.${DomainActionId}`;

/** One sentence about a command, for the help. */
export function commandHelp(id: CommandId): string {
  if (isProgramCommand(id)) return PROGRAM_COMMANDS[id];
  const action = actionOf(id);
  return action ? `${DOMAIN_ACTIONS[action].title.toLowerCase()}: ${DOMAIN_ACTIONS[action].help}` : '';
}

function isProgramCommand(id: CommandId): id is ProgramCommandId {
  return id in PROGRAM_COMMANDS;
}

/** The action on a domain that a command stands for. */
export function actionOf(id: CommandId): DomainActionId | undefined {
  return ACTION_IDS.find(action => id === `do.${action}`);
}

/** Every action on a domain, in the order of menus. */
export const ACTION_IDS: readonly DomainActionId[] = Object.values(DOMAIN_ACTIONS).map(action => action.id);
