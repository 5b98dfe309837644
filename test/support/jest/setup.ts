// Template validation costs seconds a synth; the gate runs it once, on every environment.
process.env['CDK_VALIDATION'] = 'false';
