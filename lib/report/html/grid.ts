import { type Content, type Html, html } from './tag';

export interface GridColumn {
  readonly title: string;
  /** Figures: aligned right, never broken. @default false */
  readonly figures?: boolean;
}

/**
 * A table that becomes a list of cards on a narrow screen. Roles are written out, as some browsers drop a table's own
 * when it is laid out otherwise.
 *
 * @param caption what the table holds, for who does not see the heading above
 */
export function grid(
  caption: string,
  columns: readonly GridColumn[],
  rows: readonly (readonly Content[])[],
): Html {
  const style = (at: number) => (columns[at]?.figures ? 'figures' : 'words');
  return html`<table role="table" aria-label="${caption}">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          ({ title }, at) => html`<th role="columnheader" scope="col" class="${style(at)}">${title}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row">
            ${row.map(
              (cell, at) =>
                html`<td role="cell" class="${style(at)}" data-label="${columns[at]?.title}">${cell}</td>`,
            )}
          </tr> `,
      )}
    </tbody>
  </table>`;
}
