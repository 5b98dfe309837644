/** CloudWatch namespace of what the drift function publishes. */
export const DRIFT_NAMESPACE = 'MiniXdr/Drift';

/** What is published of each specialist once a day, under the dimensions `Environment` and `Specialist`. */
export const DRIFT_METRICS = {
  /** Rows that were looked at: captured ones of the version that is deployed. */
  rows: 'CapturedRows',
  /** Captures that could not be read. */
  unreadable: 'UnreadableCaptures',
  /** Population stability index of the feature that moved most; missing with too few rows. */
  largestPsi: 'LargestPsi',
  /** Features whose index is above {@link SHIFTED_PSI}; missing with too few rows. */
  shiftedFeatures: 'ShiftedFeatures',
  /** Part of the answers that went to another class than the day before, 0 to 1; missing with too few rows. */
  classShift: 'ClassShift',
} as const;

/** Index from which a feature counts as shifted: nearly at {@link ALARMING_PSI}, so that it is seen to come. */
export const SHIFTED_PSI = 0.2;

/**
 * Index above which somebody is told. 0.1 and 0.25 are the customary bounds of a slight and of a major shift (Siddiqi,
 * Credit Risk Scorecards, 2006): a convention that came from practice, without a theory behind it.
 */
export const ALARMING_PSI = 0.25;
