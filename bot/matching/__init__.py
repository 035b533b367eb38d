"""From words to a decision: warning signs, features, one classifier, thresholds."""
