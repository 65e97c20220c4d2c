import {Box, Text} from 'ink';
import SelectInput from 'ink-select-input';
import {DOMAIN_ACTIONS, type DomainActionId} from '../app/actions.ts';
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
        <SelectInput<MenuId>
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

/** What can be chosen: every action, and what changes nothing. */
type MenuId = DomainActionId | 'explain';
const MENU_IDS: readonly MenuId[] = [...ACTION_IDS, 'explain'];

function menuLabels(state: AppState, domain: string, columns: number): readonly string[] {
  return MENU_IDS.map(id => {
    if (id === 'explain') return menuLabel(id, 'Explain', commandHelp('domain.explain'), columns);
    const action = DOMAIN_ACTIONS[id];
    const reason = whyNot(state, id, domain);
    const help = reason === undefined ? action.help : `not now: ${sanitiseUntrusted(reason)}`;
    return menuLabel(id, action.title, help, columns);
  });
}

function menuLabel(id: MenuId, title: string, help: string, columns: number): string {
  return fit(`${keyOf(id).padEnd(KEY_COLUMNS)}${title.padEnd(TITLE_COLUMNS)}${help}`, columns);
}

/** The key that does the same without the menu. */
function keyOf(id: MenuId): string {
  return KEYMAP.find(binding => binding.command === commandOf(id))?.keys[0] ?? '';
}

function commandOf(id: MenuId): CommandId {
  if (id === 'explain') return 'domain.explain';
  return id === 'suspend' || id === 'resume' ? 'domain.pause' : `do.${id}`;
}
