import {selectedDomain} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {innerSize} from '../../ui/pane-frame.ts';
import type {PlacedPane} from '../layout.ts';
import {ScrollPane} from '../text-pane.tsx';
import {DetailChart, hasRoomForChart} from './detail-chart.tsx';
import {detailRows} from './rows.ts';

/** What the selected domain does and why; with a chart of its CPU use where there is room beside the text. */
export function DetailPane({place}: {readonly place: PlacedPane}) {
  const inner = innerSize(place);
  return (
    <>
      <ScrollPane
        place={place}
        title={state => `Detail  ${sanitiseUntrusted(selectedDomain(state)?.name ?? '')}`.trimEnd()}
        rows={detailRows}
      />
      {hasRoomForChart(inner) ? <DetailChart columns={inner.columns} frame={place.frame} /> : null}
    </>
  );
}
