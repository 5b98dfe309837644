// Costs of a synthesis that no test looks at. Template validation takes seconds; the gate runs it once, on every
// environment. Stack traces of constructs and copies of assets take a third of each synthesis.
process.env['CDK_VALIDATION'] = 'false';
process.env['CDK_CONTEXT_JSON'] = JSON.stringify({
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:disable-creation-stack-traces': true,
});
