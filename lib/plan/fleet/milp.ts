import type { Highs } from 'highs';

/** A variable of a {@link Milp}. */
export type Variable = number;

/** A term of a sum: a variable and its coefficient. */
export type Term = readonly [variable: Variable, coefficient: number];

/** How a solve ended. */
export interface MilpAnswer {
  /** `limit`: stopped by the clock. */
  readonly status: 'optimal' | 'infeasible' | 'limit';
  /** Value of every variable; undefined when no solution is at hand. */
  readonly values: Float64Array | undefined;
  /** No solution has a smaller objective. */
  readonly bound: number;
}

/** When to stop. */
export interface MilpLimits {
  readonly seconds: number;
  /** Two solutions whose objectives differ by less count as equal. */
  readonly gap: number;
}

/** Of HiGHS for rows and whole numbers: below what a vCPU or a GB is rounded to anywhere. */
const TOLERANCE = 1e-9;

/** Terms with the opposite sign. */
export function negative(terms: readonly Term[]): Term[] {
  return terms.map(([variable, by]) => [variable, -by]);
}

/** A mixed-integer linear program over variables that are never negative, written down row by row. */
export class Milp {
  private readonly upper: number[] = [];
  private readonly whole: boolean[] = [];
  private readonly rows: { readonly terms: readonly Term[]; readonly from: number; readonly to: number }[] =
    [];

  /** An amount from 0 to a bound. @default upper - none */
  amount(upper = Infinity): Variable {
    return this.add(upper, false);
  }

  /** A whole number from 0 to a bound. */
  count(upper: number): Variable {
    return this.add(upper, true);
  }

  /** A decision: 0 or 1. */
  decision(): Variable {
    return this.add(1, true);
  }

  /** Requires that a sum lies within bounds. */
  require(terms: readonly Term[], bounds: { readonly from?: number; readonly to?: number }): void {
    this.rows.push({ terms, from: bounds.from ?? -Infinity, to: bounds.to ?? Infinity });
  }

  /** Makes a sum as small as it can be. */
  minimise(objective: readonly Term[], highs: Highs, limits: MilpLimits): MilpAnswer {
    // A program without variables is no model to HiGHS.
    const impossible = this.rows.some(({ terms, from, to }) => terms.length === 0 && (from > 0 || to < 0));
    if (impossible) return { status: 'infeasible', values: undefined, bound: Infinity };
    if (this.upper.length === 0) return { status: 'optimal', values: new Float64Array(), bound: 0 };
    const { modelStatus, variableType } = highs.constants;
    const costs = new Float64Array(this.upper.length);
    for (const [variable, by] of objective) costs[variable] = (costs[variable] ?? 0) + by;
    const source = {
      numCols: this.upper.length,
      numRows: this.rows.length,
      colCost: costs,
      colLower: new Float64Array(this.upper.length),
      colUpper: this.upper,
      rowLower: this.rows.map(({ from }) => from),
      rowUpper: this.rows.map(({ to }) => to),
      matrix: this.matrix(),
      integrality: this.whole.map((whole) => (whole ? variableType.integer : variableType.continuous)),
    };
    return highs.withModel(source, (model): MilpAnswer => {
      model.options.set({
        output_flag: false,
        time_limit: limits.seconds,
        mip_rel_gap: 0,
        mip_abs_gap: limits.gap,
        mip_feasibility_tolerance: TOLERANCE,
        primal_feasibility_tolerance: TOLERANCE,
      });
      model.run();
      const status = model.getModelStatus();
      if (status === modelStatus.infeasible) {
        return { status: 'infeasible', values: undefined, bound: Infinity };
      }
      const optimal = status === modelStatus.optimal;
      const found = optimal || Number.isFinite(model.info.get('mip_gap'));
      return {
        status: optimal ? 'optimal' : 'limit',
        values: found ? Float64Array.from(model.getSolution().colValue) : undefined,
        bound: Number(model.info.get('mip_dual_bound')),
      };
    });
  }

  private add(upper: number, whole: boolean): Variable {
    this.whole.push(whole);
    return this.upper.push(upper) - 1;
  }

  private matrix() {
    const starts = [0];
    const indices: number[] = [];
    const values: number[] = [];
    for (const { terms } of this.rows) {
      // A variable may stand in a row once: repeated terms are added up.
      const sums = new Map<Variable, number>();
      for (const [variable, by] of terms) sums.set(variable, (sums.get(variable) ?? 0) + by);
      for (const [variable, by] of sums) {
        if (by === 0) continue;
        indices.push(variable);
        values.push(by);
      }
      starts.push(indices.length);
    }
    return {
      format: 'csr' as const,
      numRows: this.rows.length,
      numCols: this.upper.length,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    };
  }
}
