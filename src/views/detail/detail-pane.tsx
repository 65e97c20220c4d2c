import {selectedDomain} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {innerSize} from '../../ui/pane-frame.ts';
import {useSelect} from '../../ui/use-select.ts';
import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {ScrollPane} from '../text-pane.tsx';
import {CHART_COLUMNS, DetailChart, hasChart} from './detail-chart.tsx';
import {detailRows} from './rows.ts';

/** What the selected domain does and why; with a chart of its CPU use where there is room beside the text. */
export function DetailPane({place}: {readonly place: PlacedPane}) {
  const inner = innerSize(place);
  const isCharted = useSelect(useScreen().store, state => hasChart(state, inner));
  return (
    <>
      <ScrollPane
        place={place}
        title={state => `Detail  ${sanitiseUntrusted(selectedDomain(state)?.name ?? '')}`.trimEnd()}
        rows={(state, columns, theme) =>
          detailRows(state, isCharted ? columns - CHART_COLUMNS : columns, theme, isCharted)
        }
      />
      {isCharted ? <DetailChart columns={inner.columns} frame={place.frame} /> : null}
    </>
  );
}
