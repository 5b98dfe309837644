import { InvalidRequestError, type Problem } from '../contract/model-errors';

/** Problems listed in one answer; a broken exporter gets every row wrong, and the first few say enough. */
const MOST_PROBLEMS = 20;

/** Characters of a name that an answer repeats; callers may send any key. */
const LONGEST_NAME = 100;

/** What is wrong with the rows of a request: counts everything, keeps the first twenty. */
export class Problems {
  private readonly list: Problem[] = [];
  private total = 0;

  add(problem: Problem): void {
    this.total += 1;
    if (this.list.length >= MOST_PROBLEMS) return;
    const { feature } = problem;
    this.list.push(feature === undefined ? problem : { ...problem, feature: feature.slice(0, LONGEST_NAME) });
  }

  /**
   * @param by the key of the request that holds the rows
   * @throws InvalidRequestError when anything was added
   */
  refuse(by: 'instances' | 'records'): void {
    if (this.total === 0) return;
    const listed = this.total > this.list.length ? `; the first ${this.list.length} are listed` : '';
    throw new InvalidRequestError(
      `${this.total} problem${this.total === 1 ? '' : 's'} in "${by}"${listed}`,
      this.list,
    );
  }
}
