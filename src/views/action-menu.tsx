import {Box, Text} from 'ink';
import SelectInput from 'ink-select-input';
import {DOMAIN_ACTIONS} from '../app/actions.ts';
import type {AppState} from '../app/app-state.ts';
import {ACTION_IDS, type CommandId, commandHelp} from '../app/command-ids.ts';
import {whyNot} from '../app/jobs.ts';
import {sanitiseUntrusted} from '../base/sanitise.ts';
import {KEYMAP} from '../ui/keymap.ts';
import {FramedPane} from '../ui/pane.tsx';
import type {PaneEdge} from '../ui/pane-frame.ts';
import {fit} from '../ui/text-width.ts';
import {sameItems, useSelect} from '../ui/use-select.ts';
import type {Layout} from './layout.ts';
import type {MenuChoice} from './menu-choice.ts';
import {useScreen} from './screen-context.ts';

const MENU_COLUMNS = 76;
const KEY_COLUMNS = 3;
const TITLE_COLUMNS = 13;

interface ActionMenuProps {
  readonly layout: Layout;
  readonly domain: string;
}

/** Every action on a domain, with the reason where one cannot be done now. It reads its keys itself, but for Escape. */
export function ActionMenu({layout, domain}: ActionMenuProps) {
  const {store, theme, controller} = useScreen();
  const columns = Math.min(MENU_COLUMNS, layout.columns - 2);
  const labels = useSelect(store, state => menuLabels(state, domain, columns - 6), sameItems);
  const items = MENU_IDS.map((value, at) => ({value, label: labels[at] ?? ''}));
  const rows = items.length + 2;
  const title = `Actions  ${sanitiseUntrusted(domain)}`;
  const edge: PaneEdge = {title, note: 'Enter does it, Esc closes', isFocused: true, frame: 'box', columns, rows};
  return (
    <Box
      position="absolute"
      top={Math.max(1, Math.floor((layout.rows - rows) / 2))}
      left={Math.floor((layout.columns - columns) / 2)}
      width={columns}
      height={rows}
    >
      <FramedPane edge={edge} theme={theme}>
        <SelectInput<MenuChoice>
          items={items}
          indicatorComponent={NoIndicator}
          itemComponent={MenuItem}
          onSelect={item => controller.choose(item.value, domain)}
        />
      </FramedPane>
    </Box>
  );
}

function NoIndicator() {
  return null;
}

function MenuItem({label, isSelected = false}: {readonly label: string; readonly isSelected?: boolean}) {
  const {theme} = useScreen();
  const text = ` ${isSelected ? '>' : ' '} ${label} `;
  return <Text wrap="truncate">{theme.finish(isSelected ? theme.paint('selection', text) : text)}</Text>;
}

/** What can be chosen: every action, what asks for more, and what changes nothing. */
const MENU_IDS: readonly MenuChoice[] = [...ACTION_IDS, 'attach', 'detach', 'explain'];

/** What asks for more on the command line. */
const LINES = {
  attach: {title: 'Attach disk', help: 'give it a disk: an image, or a device of the host'},
  detach: {title: 'Detach disk', help: 'take a disk from it; the guest has to let go of it'},
} as const;

function menuLabels(state: AppState, domain: string, columns: number): readonly string[] {
  return MENU_IDS.map(id => {
    if (id === 'explain') return menuLabel(id, 'Explain', commandHelp('domain.explain'), columns);
    if (id === 'attach' || id === 'detach') return menuLabel(id, LINES[id].title, LINES[id].help, columns);
    const action = DOMAIN_ACTIONS[id];
    const reason = whyNot(state, id, domain);
    const help = reason === undefined ? action.help : `not now: ${sanitiseUntrusted(reason)}`;
    return menuLabel(id, action.title, help, columns);
  });
}

function menuLabel(id: MenuChoice, title: string, help: string, columns: number): string {
  return fit(`${keyOf(id).padEnd(KEY_COLUMNS)}${title.padEnd(TITLE_COLUMNS)}${help}`, columns);
}

/** The key that does the same without the menu. */
function keyOf(id: MenuChoice): string {
  return KEYMAP.find(binding => binding.command === commandOf(id))?.keys[0] ?? '';
}

function commandOf(id: MenuChoice): CommandId | undefined {
  if (id === 'attach' || id === 'detach') return undefined;
  if (id === 'explain') return 'domain.explain';
  return id === 'suspend' || id === 'resume' ? 'domain.pause' : `do.${id}`;
}
