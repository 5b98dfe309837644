/** Prefix below which buckets' access logs lie in a log bucket. */
export const BUCKET_LOGS = 's3';

/** Prefix below which load balancers' access logs lie in it. */
export const LOAD_BALANCER_LOGS = 'load-balancer';
