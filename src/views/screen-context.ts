import {createContext, useContext} from 'react';
import type {AppState} from '../app/app-state.ts';
import type {Store} from '../app/store.ts';
import type {ImagePlate} from '../ui/inline-image/image-plate.ts';
import type {Theme} from '../ui/theme.ts';
import {sameItems, useSelect} from '../ui/use-select.ts';
import type {CapabilitiesTree} from './capabilities/capabilities-tree.ts';
import type {ConsoleDeck} from './console/console-deck.ts';
import type {Controller} from './controller.ts';
import type {Extents} from './scroll.ts';
import type {SecurityTree} from './security/security-tree.ts';

/** What every component of the screen shares; it never changes while the screen is up. */
export interface ScreenParts {
  readonly store: Store<AppState>;
  readonly theme: Theme;
  readonly controller: Controller;
  readonly consoles: ConsoleDeck;
  readonly extents: Extents;
  readonly tree: CapabilitiesTree;
  readonly securityTree: SecurityTree;
  /** Images over the frame. */
  readonly plate: ImagePlate;
}

export const ScreenContext = createContext<ScreenParts | undefined>(undefined);

/** The parts of the screen that the component stands on. */
export function useScreen(): ScreenParts {
  const parts = useContext(ScreenContext);
  if (!parts) throw new Error('this component has to stand inside a ScreenContext');
  return parts;
}

/** Rows made from the state; the component renders again only when one of them changed. */
export function useRows(make: (state: AppState) => readonly string[]): readonly string[] {
  return useSelect(useScreen().store, make, sameItems);
}
