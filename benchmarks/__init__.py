"""Speed and accuracy of matching, beside simpler methods. ``make bench`` runs it; nothing here is a test."""
