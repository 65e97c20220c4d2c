import {Box, Text} from 'ink';
import SelectInput from 'ink-select-input';
import {DOMAIN_ACTIONS, type DomainActionId} from '../app/actions.ts';
import type {AppState} from '../app/app-state.ts';
import {ACTION_IDS} from '../app/command-ids.ts';
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
  const items = ACTION_IDS.map((value, at) => ({value, label: labels[at] ?? ''}));
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
        <SelectInput<DomainActionId>
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

function menuLabels(state: AppState, domain: string, columns: number): readonly string[] {
  return ACTION_IDS.map(id => {
    const action = DOMAIN_ACTIONS[id];
    const reason = whyNot(state, id, domain);
    const help = reason === undefined ? action.help : `not now: ${sanitiseUntrusted(reason)}`;
    return fit(`${keyOf(id).padEnd(KEY_COLUMNS)}${action.title.padEnd(TITLE_COLUMNS)}${help}`, columns);
  });
}

/** The key that does the same without the menu. */
function keyOf(action: DomainActionId): string {
  const pause = action === 'suspend' || action === 'resume' ? 'domain.pause' : undefined;
  return KEYMAP.find(binding => binding.command === (pause ?? `do.${action}`))?.keys[0] ?? '';
}
